// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.qblockd.block.Zeroes;
import org.qblockd.nbd.Nbd;

/** Reads what chunks of structured replies carry. The connection's reading thread. */
final class ReplyReader {
  private final ServerSocket socket;
  private final int context;

  ReplyReader(ServerSocket socket, int context) {
    this.socket = socket;
    this.context = context;
  }

  void payload(Exchange exchange, int type, long length) throws IOException {
    switch (type) {
      case Nbd.REPLY_NONE -> need(length == 0);
      case Nbd.REPLY_OFFSET_DATA -> {
        need(length >= 8);
        data(exchange, socket.next(8).getLong(), length - 8);
      }
      case Nbd.REPLY_OFFSET_HOLE -> {
        need(length == 12);
        hole(exchange, socket.next(12));
      }
      case Nbd.REPLY_BLOCK_STATUS -> {
        need(length >= 12 && length % 8 == 4);
        status(exchange, socket.next(12), length);
      }
      case Nbd.REPLY_BLOCK_STATUS_EXT -> {
        need(length >= 24 && length % 16 == 8);
        extendedStatus(exchange, socket.next(24), length);
      }
      default -> {
        need((type & (1 << 15)) != 0 && length >= 6);
        int error = socket.next(6).getInt();
        need(error != 0);
        exchange.fail(error);
        socket.skip(length - 6);
      }
    }
  }

  /** Data of a read. */
  void data(Exchange exchange, long offset, long bytes) throws IOException {
    ByteBuffer part = exchange.part(offset, bytes);
    if (part == null) {
      throw new IOException("data that nobody asked for");
    }
    socket.read(part);
  }

  private static void hole(Exchange exchange, ByteBuffer chunk) throws IOException {
    ByteBuffer part = exchange.part(chunk.getLong(), Integer.toUnsignedLong(chunk.getInt()));
    if (part == null) {
      throw new IOException("a hole that nobody asked for");
    }
    Zeroes.fill(part);
  }

  private void status(Exchange exchange, ByteBuffer chunk, long length) throws IOException {
    if (chunk.getInt() == context) {
      exchange.extent(Integer.toUnsignedLong(chunk.getInt()), chunk.getInt());
    }
    socket.skip(length - 12);
  }

  private void extendedStatus(Exchange exchange, ByteBuffer chunk, long length) throws IOException {
    int id = chunk.getInt();
    int unused = chunk.getInt();
    if (id == context) {
      exchange.extent(chunk.getLong(), chunk.getLong());
    }
    socket.skip(length - 24);
  }

  private static void need(boolean right) throws IOException {
    if (!right) {
      throw new IOException("chunk of a wrong form");
    }
  }
}
