// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.colo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A proxy between the two sides of a migration, which forwards messages of the stream and cuts the
 * connection before one of them. Its own virtual threads forward; any thread may close it.
 */
final class Frames implements AutoCloseable {
  /** How the connection ends at the cut. */
  enum Cut {
    /** Both directions at once. */
    BOTH,
    /** Only the direction of the message that is not forwarded. */
    HALF
  }

  private static final int HEAD_BYTES = 12;
  private static final int MAX_PAYLOAD = 1 << 20;

  private final ServerSocket listener;
  private final int target;
  private final boolean fromSource;
  private final int cutBefore;
  private final Cut how;
  private volatile boolean closed;

  /**
   * A proxy that is listening.
   *
   * @param target the port that it connects to
   * @param fromSource whose messages are counted
   * @param cutBefore the message that is not forwarded, the head is number 0; -1 for none
   */
  Frames(int target, boolean fromSource, int cutBefore, Cut how) throws IOException {
    this.target = target;
    this.fromSource = fromSource;
    this.cutBefore = cutBefore;
    this.how = how;
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    try (Socket source = listener.accept();
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
      Thread back = Thread.startVirtualThread(() -> pump(there, source, !fromSource));
      pump(source, there, fromSource);
      back.join();
    } catch (IOException e) {
      // The test has ended, or one of the servers.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Socket from, Socket to, boolean counted) {
    try {
      DataInputStream in = new DataInputStream(from.getInputStream());
      DataOutputStream out = new DataOutputStream(to.getOutputStream());
      for (int number = 0; !closed; number++) {
        byte[] message = number == 0 ? in.readNBytes(HEAD_BYTES) : message(in);
        if (message.length == 0) {
          break;
        }
        if (counted && number == cutBefore) {
          cut(from, to);
          return;
        }
        out.write(message);
        out.flush();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One of the sides has gone: so does the other direction, by itself.
      return;
    }
  }

  private void cut(Socket from, Socket to) throws IOException {
    if (how == Cut.HALF) {
      to.shutdownOutput();
    } else {
      from.close();
      to.close();
    }
  }

  private static byte[] message(DataInputStream in) throws IOException {
    byte[] head = in.readNBytes(8);
    if (head.length < 8) {
      return new byte[0];
    }
    java.nio.ByteBuffer numbers = java.nio.ByteBuffer.wrap(head);
    int length = numbers.getInt(4);
    if (length < 0 || length > MAX_PAYLOAD) {
      throw new IOException("not a message");
    }
    byte[] whole = java.util.Arrays.copyOf(head, 8 + length);
    in.readFully(whole, 8, length);
    return whole;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
  }
}
