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

  private final String export;
  private final String context;
  private final @Nullable StartTls tls;
  private Wire wire;
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
   * @param tls begins TLS, which the server then must know; null for a plain connection
   */
  public ClientNegotiation(Wire wire, String export, String context, @Nullable StartTls tls) {
    this.wire = wire;
    this.tls = tls;
    this.export = export;
    this.context = context;
  }

  /** Does it all. */
  public ClientAgreement negotiate() throws IOException, NegotiationException {
    if (read(8, "initial magic").getLong() != Nbd.MAGIC) {
      throw new NegotiationException("Bad initial magic received");
    }
    if (read(8, "server magic").getLong() != Nbd.OPTION_MAGIC) {
      throw new NegotiationException("Servers of the old style are not served");
    }
    int offered = read(2, "server flags").getShort();
    int answer = offered & (Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES);
    write(ByteBuffer.allocate(4).putInt(answer).flip(), "clientflags field");
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
    if (tls != null) {
      startTls(tls);
    }
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

  private void startTls(StartTls start) throws IOException, NegotiationException {
    send(Nbd.OPT_STARTTLS, ByteBuffer.allocate(0));
    Reply reply = reply(Nbd.OPT_STARTTLS);
    if (reply.type == Nbd.REP_ERR_UNSUP) {
      throw new NegotiationException("Server does not support STARTTLS");
    }
    if (reply.type != Nbd.REP_ACK) {
      throw refusal(Nbd.OPT_STARTTLS, reply);
    }
    wire = start.start();
  }

  /** Asks for what can be done without; any error means that it must. */
  private boolean accepts(int option) throws IOException, NegotiationException {
    send(option, ByteBuffer.allocate(0));
    return reply(option).type == Nbd.REP_ACK;
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
    size = read(8, "export length").getLong();
    flags = Short.toUnsignedInt(read(2, "export flags").getShort());
    if (zeroes) {
      ByteBuffer unused = read(ZEROES, "reserved block");
    }
  }

  private static NegotiationException refusal(int option, Reply reply) {
    String what = "option " + option + " (" + Nbd.optionName(option) + ")";
    String said = UTF_8.decode(reply.data).toString();
    String hint = said.isEmpty() ? "" : "server reported: " + said;
    return switch (reply.type) {
      case Nbd.REP_ERR_UNKNOWN -> new NegotiationException("Requested export not available", hint);
      case Nbd.REP_ERR_POLICY -> new NegotiationException("Denied by server for " + what, hint);
      case Nbd.REP_ERR_INVALID -> new NegotiationException("Invalid parameters for " + what, hint);
      case Nbd.REP_ERR_PLATFORM ->
          new NegotiationException("Server lacks support for " + what, hint);
      case Nbd.REP_ERR_TLS_REQD ->
          new NegotiationException(
              "TLS negotiation required before " + what,
              "Did you forget a valid tls-creds?" + (hint.isEmpty() ? "" : "\n" + hint));
      case Nbd.REP_ERR_SHUTDOWN ->
          new NegotiationException("Server shutting down before " + what, hint);
      case Nbd.REP_ERR_BLOCK_SIZE_REQD ->
          new NegotiationException("Server requires INFO_BLOCK_SIZE for " + what, hint);
      default -> new NegotiationException("Unknown error code when asking for " + what, hint);
    };
  }

  private void send(int option, ByteBuffer data) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(16 + data.remaining());
    all.putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.remaining()).put(data);
    write(all.flip(), "option request header");
  }

  private Reply reply(int option) throws IOException, NegotiationException {
    ByteBuffer header = read(20, "option reply");
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
    return new Reply(type, body(type, length));
  }

  /** A reply's data, read piece by piece so that an early end names the piece. */
  private ByteBuffer body(int type, int length) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(length);
    if (type == Nbd.REP_META_CONTEXT) {
      fill(data, 4, "context id");
      fill(data, length, "context name");
    } else if (type == Nbd.REP_INFO && length >= 2) {
      fill(data, 2, "info type");
      if (data.getShort(0) == Nbd.INFO_EXPORT) {
        fill(data, 8, "info size");
        fill(data, 2, "info flags");
      } else if (data.getShort(0) == Nbd.INFO_BLOCK_SIZE) {
        fill(data, 4, "info minimum block size");
        fill(data, 4, "info preferred block size");
        fill(data, 4, "info maximum block size");
      }
    }
    fill(data, length, "option reply");
    return data.flip();
  }

  /** Reads the next bytes, or what is missing when that is less. */
  private void fill(ByteBuffer data, int most, String what) throws IOException {
    int count = Math.min(most, data.remaining());
    if (count > 0) {
      ByteBuffer unused = data.put(read(count, what));
    }
  }

  private ByteBuffer read(int bytes, String what) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    try {
      wire.read(buffer);
    } catch (IOException e) {
      throw new IOException("Failed to read " + what + ": " + shortTalk(e), e);
    }
    return buffer.flip();
  }

  private void write(ByteBuffer data, String what) throws IOException {
    try {
      wire.write(data);
    } catch (IOException e) {
      throw new IOException(
          "Failed to send " + what + ": Unable to write to socket: " + shortTalk(e), e);
    }
  }

  /** What QEMU says of a talk that ended early. */
  public static String shortTalk(IOException problem) {
    return OptionReader.sentence(problem);
  }
}
