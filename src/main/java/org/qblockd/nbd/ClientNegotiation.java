// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the handshake: the best headers that the server has, one metadata context,
 * one export. Straight-line on the caller's thread, used once. Source: the NBD protocol.
 */
public final class ClientNegotiation {
  private static final int MAX_REPLY = 64 << 10;
  private static final int ZEROES = 124;

  private final Wire wire;
  private final String export;
  private final String context;
  private HeaderMode mode = HeaderMode.SIMPLE;
  private int contextId = -1;
  private long size = -1;
  private int flags;
  private int minimumBlock;
  private int maximumBlock;

  /** The answer to an option; {@code data} stands at its beginning. */
  private record Reply(int type, ByteBuffer data) {
    boolean isError() {
      return type < 0;
    }
  }

  /**
   * A handshake to come.
   *
   * @param context the metadata context that is wanted, such as {@code base:allocation}
   */
  public ClientNegotiation(Wire wire, String export, String context) {
    this.wire = wire;
    this.export = export;
    this.context = context;
  }

  /** Does it all. */
  public ClientAgreement negotiate() throws IOException, NegotiationException {
    ByteBuffer greeting = read(18);
    if (greeting.getLong() != Nbd.MAGIC) {
      throw new NegotiationException("Bad initial magic received");
    }
    if (greeting.getLong() != Nbd.OPTION_MAGIC) {
      throw new NegotiationException("Servers of the old style are not served");
    }
    int offered = greeting.getShort();
    int answer = offered & (Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES);
    wire.write(ByteBuffer.allocate(4).putInt(answer).flip());
    boolean zeroes = (answer & Nbd.NO_ZEROES) == 0;
    if ((answer & Nbd.FIXED_NEWSTYLE) == 0) {
      exportName(zeroes);
    } else {
      negotiateOptions(zeroes);
    }
    if (size < 0) {
      throw new NegotiationException("export length is too large");
    }
    return new ClientAgreement(size, flags, mode, contextId, minimumBlock, maximumBlock);
  }

  private void negotiateOptions(boolean zeroes) throws IOException, NegotiationException {
    if (accepts(Nbd.OPT_EXTENDED_HEADERS)) {
      mode = HeaderMode.EXTENDED;
    } else if (accepts(Nbd.OPT_STRUCTURED_REPLY)) {
      mode = HeaderMode.STRUCTURED;
    }
    if (mode != HeaderMode.SIMPLE) {
      chooseContext();
    }
    if (!go()) {
      exportName(zeroes);
    }
  }

  private boolean accepts(int option) throws IOException, NegotiationException {
    send(option, ByteBuffer.allocate(0));
    Reply reply = reply(option);
    if (reply.type == Nbd.REP_ERR_TLS_REQD) {
      throw refusal(option, reply);
    }
    return reply.type == Nbd.REP_ACK;
  }

  private void chooseContext() throws IOException, NegotiationException {
    byte[] name = export.getBytes(UTF_8);
    byte[] query = context.getBytes(UTF_8);
    ByteBuffer data = ByteBuffer.allocate(12 + name.length + query.length);
    data.putInt(name.length).put(name).putInt(1).putInt(query.length).put(query);
    send(Nbd.OPT_SET_META_CONTEXT, data.flip());
    Reply reply = reply(Nbd.OPT_SET_META_CONTEXT);
    while (reply.type == Nbd.REP_META_CONTEXT) {
      if (reply.data.remaining() < 4) {
        throw new NegotiationException("Reply to a metadata context is too short");
      }
      int id = reply.data.getInt();
      if (UTF_8.decode(reply.data).toString().equals(context)) {
        contextId = id;
      }
      reply = reply(Nbd.OPT_SET_META_CONTEXT);
    }
  }

  /** Chooses the export; false when the server does not know this option. */
  private boolean go() throws IOException, NegotiationException {
    byte[] name = export.getBytes(UTF_8);
    ByteBuffer data = ByteBuffer.allocate(8 + name.length);
    data.putInt(name.length).put(name).putShort((short) 1).putShort((short) Nbd.INFO_BLOCK_SIZE);
    send(Nbd.OPT_GO, data.flip());
    Reply reply = reply(Nbd.OPT_GO);
    while (reply.type == Nbd.REP_INFO) {
      information(reply.data);
      reply = reply(Nbd.OPT_GO);
    }
    if (reply.type == Nbd.REP_ERR_UNSUP) {
      return false;
    }
    if (reply.isError()) {
      throw refusal(Nbd.OPT_GO, reply);
    }
    return true;
  }

  private void information(ByteBuffer data) throws NegotiationException {
    int kind = data.remaining() < 2 ? -1 : data.getShort();
    if (kind == Nbd.INFO_EXPORT && data.remaining() == 10) {
      size = data.getLong();
      flags = Short.toUnsignedInt(data.getShort());
    } else if (kind == Nbd.INFO_BLOCK_SIZE && data.remaining() == 12) {
      minimumBlock = data.getInt();
      int unused = data.getInt();
      maximumBlock = Math.max(data.getInt(), 0);
      if (Integer.bitCount(minimumBlock) != 1 || minimumBlock > MAX_REPLY) {
        throw new NegotiationException(
            "server's minimum block size "
                + Integer.toUnsignedString(minimumBlock)
                + " is not usable");
      }
    } else if (kind == Nbd.INFO_EXPORT || kind == Nbd.INFO_BLOCK_SIZE || kind < 0) {
      throw new NegotiationException("Information about the export has a wrong length");
    }
  }

  private void exportName(boolean zeroes) throws IOException, NegotiationException {
    send(Nbd.OPT_EXPORT_NAME, ByteBuffer.wrap(export.getBytes(UTF_8)));
    ByteBuffer answer = read(10);
    size = answer.getLong();
    flags = Short.toUnsignedInt(answer.getShort());
    if (zeroes) {
      ByteBuffer unused = read(ZEROES);
    }
  }

  private static NegotiationException refusal(int option, Reply reply) {
    String what = "option " + option + " (" + Nbd.optionName(option) + ")";
    return new NegotiationException(
        switch (reply.type) {
          case Nbd.REP_ERR_UNKNOWN -> "Requested export not available";
          case Nbd.REP_ERR_POLICY -> "Denied by server for " + what;
          case Nbd.REP_ERR_INVALID -> "Invalid parameters for " + what;
          case Nbd.REP_ERR_PLATFORM -> "Server lacks support for " + what;
          case Nbd.REP_ERR_TLS_REQD -> "Server requires TLS for " + what;
          case Nbd.REP_ERR_SHUTDOWN -> "Server shutting down before " + what;
          case Nbd.REP_ERR_BLOCK_SIZE_REQD -> "Server requires INFO_BLOCK_SIZE for " + what;
          default -> "Unknown error code when asking for " + what;
        },
        reply.data.hasRemaining() ? "server reported: " + UTF_8.decode(reply.data) : "");
  }

  private void send(int option, ByteBuffer data) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(16 + data.remaining());
    all.putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.remaining()).put(data);
    wire.write(all.flip());
  }

  private Reply reply(int option) throws IOException, NegotiationException {
    ByteBuffer header = read(20);
    if (header.getLong() != Nbd.REPLY_MAGIC) {
      throw new NegotiationException("Unexpected option reply magic");
    }
    int about = header.getInt();
    if (about != option) {
      throw new NegotiationException("Unexpected option type " + about + ", expected " + option);
    }
    int type = header.getInt();
    int length = header.getInt();
    if (length < 0 || length > MAX_REPLY) {
      throw new NegotiationException(
          "option reply of " + Integer.toUnsignedString(length) + " bytes is too long");
    }
    return new Reply(type, read(length));
  }

  private ByteBuffer read(int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    wire.read(buffer);
    return buffer.flip();
  }

  /** The sentence of a server whose talk ended early, or null. */
  public static @Nullable String shortTalk(IOException problem) {
    return problem instanceof java.io.EOFException
        ? "Unexpected end-of-file before all data were read"
        : problem.getMessage();
  }
}
