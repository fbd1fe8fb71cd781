// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client on a Vert.x socket. The socket's event loop reads; {@link Connection}'s methods may be
 * called by any thread.
 */
final class VertxSocket implements Connection {
  private static final byte[] NOTHING = {};

  private final NetSocket socket;
  private final Context loop;
  private final EventLoop eventLoop;
  private final ChannelConfig channel;

  /** Set under the session's output lock, cleared on the event loop. */
  private volatile boolean handingOver;

  // Of the event loop.
  private @Nullable Receiver session;
  private byte[] rest = NOTHING;
  private int restFrom;
  private boolean full;
  private boolean inputEnded;
  private boolean gone;

  /** Takes over a new socket, which is not read before {@link #serve}. On its event loop. */
  VertxSocket(NetSocket socket) {
    this.socket = socket;
    this.loop = Objects.requireNonNull(Vertx.currentContext());
    NetSocketInternal internal = (NetSocketInternal) socket;
    eventLoop = internal.channelHandlerContext().channel().eventLoop();
    channel = internal.channelHandlerContext().channel().config();
    // By default Netty closes a socket whose peer has ended its side; a client that sends its
    // commands and then only reads would lose its replies.
    channel.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    readOn(false);
    socket.exceptionHandler(broken -> {}); // The close handler follows.
    socket.handler(this::received);
    internal.eventHandler(this::ended);
  }

  /** Begins the session; {@code left} runs when the client has gone. On any thread. */
  void serve(FrontEnd frontEnd, Runnable left) {
    loop.runOnContext(unused -> begin(frontEnd, left));
  }

  /** {@code action} runs when the client goes before it is served. On the event loop. */
  void onClose(Runnable action) {
    socket.closeHandler(unused -> {
      gone = true;
      action.run();
    });
  }

  private void begin(FrontEnd frontEnd, Runnable left) {
    if (gone) {
      return;
    }
    Receiver begun = frontEnd.connect(this);
    session = begun;
    socket.drainHandler(unused -> begun.writable());
    socket.closeHandler(unused -> {
      gone = true;
      begun.detach();
      left.run();
    });
    pass(begun);
  }

  private void received(Buffer buffer) {
    byte[] bytes = buffer.getBytes();
    int left = rest.length - restFrom;
    byte[] joined = Arrays.copyOfRange(rest, restFrom, rest.length + bytes.length);
    System.arraycopy(bytes, 0, joined, left, bytes.length);
    rest = joined;
    restFrom = 0;
    if (session != null && !full) {
      pass(session);
    }
  }

  private void pass(Receiver reader) {
    if (gone) {
      return;
    }
    restFrom = reader.receive(rest, restFrom, rest.length);
    full = restFrom < rest.length;
    if (!full) {
      rest = NOTHING;
      restFrom = 0;
    }
    readOn(!full);
    if (!full && inputEnded) {
      reader.endOfInput();
    }
  }

  private void ended(Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (session != null && !full) {
        session.endOfInput();
      }
    }
  }

  /**
   * Stops or continues reading in the channel itself. NetSocket.pause would leave bytes in a queue
   * of Vert.x, behind which the end of the input could not be told.
   */
  private void readOn(boolean wanted) {
    ChannelConfig unused = channel.setAutoRead(wanted);
  }

  /**
   * Vert.x writes on its event loop only: from another thread, a write to a socket that has just
   * been closed fails there with an assertion. So bytes are handed over, one portion at a time;
   * what comes meanwhile waits in the session and makes the next portion.
   */
  @Override
  public int write(byte[] bytes, int from, int to) {
    if (handingOver || socket.writeQueueFull()) {
      return 0;
    }
    Buffer portion = Buffer.buffer(Arrays.copyOfRange(bytes, from, to));
    if (eventLoop.inEventLoop()) {
      writeHere(portion);
    } else {
      handingOver = true;
      loop.runOnContext(unused -> takeOver(portion));
    }
    return to - from;
  }

  private void takeOver(Buffer portion) {
    handingOver = false;
    writeHere(portion);
    if (session != null && !socket.writeQueueFull()) {
      boolean unused = session.writable();
    }
  }

  private void writeHere(Buffer portion) {
    if (!gone) {
      boolean unused = socket.write(portion).failed();
    }
  }

  @Override
  public void resume() {
    loop.runOnContext(unused -> {
      if (session != null) {
        pass(session);
      }
    });
  }

  @Override
  public void close() {
    // On the event loop, behind what was handed over.
    loop.runOnContext(event -> closeHere());
  }

  private void closeHere() {
    boolean unused = socket.close().failed();
  }

  @Override
  public void closeDescriptor(int descriptor) {
    throw new IllegalStateException("a TCP client cannot pass descriptors");
  }

  @Override
  public boolean mayRunCommands() {
    return false;
  }
}
