// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the server answers to options of the handshake, and its words when it refuses one. Only the
 * connection's thread. Source: the NBD protocol, option replies; texts as QEMU sends them.
 */
final class OptionReplies {
  /** Of a longer name only the beginning is told. */
  private static final int MAX_SHOWN = 80;

  private final Wire wire;

  /** Answers to the client at the other end of a wire. */
  OptionReplies(Wire wire) {
    this.wire = wire;
  }

  void acknowledge(int option) throws IOException {
    reply(option, Nbd.REP_ACK, ByteBuffer.allocate(0));
  }

  /** A client that aborts need not wait for the answer. */
  void acknowledgeQuietly(int option) {
    try {
      acknowledge(option);
    } catch (IOException gone) {
      return;
    }
  }

  void unexpectedLength(int option) throws IOException {
    String name = Nbd.optionName(option);
    refuse(option, Nbd.REP_ERR_INVALID, "option '" + name + "' has unexpected length");
  }

  void infoText(int option, int kind, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    ByteBuffer answer = ByteBuffer.allocate(2 + bytes.length).putShort((short) kind).put(bytes);
    reply(option, Nbd.REP_INFO, answer.flip());
  }

  void inconsistent(int option) throws IOException {
    refuse(option, Nbd.REP_ERR_INVALID, "Inconsistent lengths in option " + Nbd.optionName(option));
  }

  void notPresent(int option, String name) throws IOException {
    String shown = name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "..." : name;
    refuse(option, Nbd.REP_ERR_UNKNOWN, "export '" + shown + "' not present");
  }

  void refuse(int option, int error, String message) throws IOException {
    reply(option, error, ByteBuffer.wrap(message.getBytes(UTF_8)));
  }

  void reply(int option, int type, ByteBuffer data) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(20 + data.remaining());
    all.putLong(Nbd.REPLY_MAGIC).putInt(option).putInt(type).putInt(data.remaining()).put(data);
    wire.write(all.flip());
  }
}
