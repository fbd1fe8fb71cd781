// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Request;

/** A client of an NBD server that does what a test tells it, right or wrong. One test thread. */
final class NbdPeer implements AutoCloseable {
  private final SocketChannel channel;

  private NbdPeer(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects, and reads the greeting. */
  static NbdPeer connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    NbdPeer peer = new NbdPeer(channel);
    ByteBuffer unused = peer.read(18);
    return peer;
  }

  /** Everything up to the first request, by the oldest option, and simple replies. */
  static ByteBuffer handshake(String export) {
    byte[] name = export.getBytes(UTF_8);
    ByteBuffer out = ByteBuffer.allocate(20 + name.length);
    out.putInt(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES).putLong(Nbd.OPTION_MAGIC);
    return out.putInt(Nbd.OPT_EXPORT_NAME).putInt(name.length).put(name).flip();
  }

  /** A request's header. */
  static ByteBuffer request(int command, long cookie, long offset, long length) {
    ByteBuffer out = ByteBuffer.allocate(28);
    new Request(0, command, cookie, offset, length).encode(HeaderMode.SIMPLE, out);
    return out.flip();
  }

  /** Connects and chooses an export. */
  static NbdPeer use(Path socket, String export) throws IOException {
    NbdPeer peer = connect(socket);
    peer.send(handshake(export));
    ByteBuffer unused = peer.read(10);
    return peer;
  }

  void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  ByteBuffer read(int bytes) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(bytes);
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException();
      }
    }
    return into.flip();
  }

  /** Whether the server has ended the connection, after what it may still have sent. */
  boolean isCutOff() {
    try {
      while (true) {
        ByteBuffer unused = read(1);
      }
    } catch (IOException e) {
      return true;
    }
  }

  /** The error number of a simple reply to this cookie. */
  int error(long cookie) throws IOException {
    ByteBuffer reply = read(16);
    if (reply.getInt() != Nbd.SIMPLE_REPLY_MAGIC) {
      throw new IOException("not a simple reply");
    }
    int error = reply.getInt();
    if (reply.getLong() != cookie) {
      throw new IOException("another cookie");
    }
    return error;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
