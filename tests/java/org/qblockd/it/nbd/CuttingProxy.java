// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Stands between a client and a server on unix sockets, and cuts each connection after so many
 * bytes. Its own virtual threads; any thread closes it.
 */
final class CuttingProxy implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final ServerSocketChannel listener;
  private final Path server;
  private final LongSupplier fromServer;
  private final LongSupplier fromClient;

  private CuttingProxy(
      ServerSocketChannel listener, Path server, LongSupplier fromServer, LongSupplier fromClient) {
    this.listener = listener;
    this.server = server;
    this.fromServer = fromServer;
    this.fromClient = fromClient;
  }

  /**
   * Listens.
   *
   * @param fromServer how many bytes of the server the next connection lets through
   * @param fromClient how many bytes of the client
   */
  static CuttingProxy listen(
      Path socket, Path server, LongSupplier fromServer, LongSupplier fromClient)
      throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    CuttingProxy proxy = new CuttingProxy(listener, server, fromServer, fromClient);
    Thread.startVirtualThread(proxy::accept);
    return proxy;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        SocketChannel behind = SocketChannel.open(UnixDomainSocketAddress.of(server));
        long down = fromServer.getAsLong();
        long up = fromClient.getAsLong();
        Thread.startVirtualThread(() -> pass(behind, client, down));
        Thread.startVirtualThread(() -> pass(client, behind, up));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /** Copies until the limit or the end, then cuts both sides. */
  private static void pass(SocketChannel from, SocketChannel to, long limit) {
    try (from;
        to) {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      for (long left = limit; left > 0; ) {
        int most = (int) Math.min(PIECE, left);
        int count = from.read(piece.clear().limit(most));
        if (count < 0) {
          return;
        }
        left -= count;
        for (ByteBuffer out = piece.flip(); out.hasRemaining(); ) {
          to.write(out);
        }
      }
    } catch (IOException gone) {
      // The other direction has cut it.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
