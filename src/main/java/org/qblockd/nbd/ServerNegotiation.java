// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the handshake: fixed newstyle, all options; with TLS nothing but STARTTLS
 * comes before it. Straight-line on the connection's thread, used once. Source: the NBD protocol;
 * texts as QEMU sends them.
 */
public final class ServerNegotiation {
  /** Options with more data are thrown away unread: no client needs them. */
  private static final int MAX_OPTION = 1 << 20;

  private static final int ZEROES = 124;
  private static final int PREFERRED_BLOCK = 4096;

  private final @Nullable TlsGate gate;
  private Wire wire;
  private OptionReader in;
  private OptionReplies answers;
  private final Supplier<List<OfferedExport>> exports;
  private HeaderMode mode = HeaderMode.SIMPLE;
  private boolean fixed;
  private boolean zeroes;
  private @Nullable String contextExport;
  private List<Integer> contexts = List.of();
  private @Nullable OfferedExport agreed;

  /**
   * A handshake to come.
   *
   * @param exports asked at each option, since exports come and go
   * @param tls what the client must begin with; null for plain connections
   */
  public ServerNegotiation(
      Wire wire, Supplier<List<OfferedExport>> exports, @Nullable StartTls tls) {
    this.wire = wire;
    this.in = new OptionReader(wire);
    this.answers = new OptionReplies(wire);
    this.exports = exports;
    this.gate = tls == null ? null : new TlsGate(tls);
  }

  /**
   * Does it all.
   *
   * @return what was agreed, or null when the client has ended the talk
   */
  public @Nullable Agreement negotiate() throws IOException, NegotiationException {
    ByteBuffer greeting = ByteBuffer.allocate(18);
    greeting.putLong(Nbd.MAGIC).putLong(Nbd.OPTION_MAGIC);
    greeting.putShort((short) (Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES));
    wire.write(greeting.flip());
    readClientFlags();
    while (agreed == null) {
      if (!readOption()) {
        return null;
      }
    }
    return new Agreement(agreed, mode, usable(agreed));
  }

  /** Contexts count for the export that they were chosen for, and with structured replies. */
  private List<Integer> usable(OfferedExport export) {
    return mode != HeaderMode.SIMPLE && export.name().equals(contextExport) ? contexts : List.of();
  }

  private void readClientFlags() throws IOException, NegotiationException {
    int flags = in.read(4).getInt();
    fixed = (flags & Nbd.FIXED_NEWSTYLE) != 0;
    zeroes = (flags & Nbd.NO_ZEROES) == 0;
    int unknown = flags & ~(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES);
    if (unknown != 0) {
      throw new NegotiationException(
          "Unknown client flags 0x" + Integer.toHexString(unknown) + " received");
    }
  }

  /** Serves one option; false when it ends the talk. */
  private boolean readOption() throws IOException, NegotiationException {
    if (in.named("opts magic", Long.BYTES).getLong() != Nbd.OPTION_MAGIC) {
      throw new NegotiationException("Bad magic received");
    }
    int option = in.named("option", Integer.BYTES).getInt();
    long length = Integer.toUnsignedLong(in.named("option length", Integer.BYTES).getInt());
    if (length > Nbd.MAX_BUFFER) {
      throw new NegotiationException(
          "len (" + length + ") is larger than max len (" + Nbd.MAX_BUFFER + ")");
    }
    if (gate != null && gate.secured() == null) {
      return beforeTls(gate, option, length);
    }
    if (!fixed && option != Nbd.OPT_EXPORT_NAME) {
      throw new NegotiationException(unsupported(option));
    }
    if (length > MAX_OPTION) {
      in.skip(length);
      answers.refuse(
          option, Nbd.REP_ERR_TOO_BIG, "option '" + Nbd.optionName(option) + "' is too long");
      return true;
    }
    ByteBuffer data = in.needed((int) length);
    switch (option) {
      case Nbd.OPT_EXPORT_NAME -> exportName(data);
      case Nbd.OPT_ABORT -> {
        answers.acknowledgeQuietly(option);
        return false;
      }
      case Nbd.OPT_LIST -> list(data);
      case Nbd.OPT_STARTTLS -> {
        if (!hasData(option, data)) {
          refuseTls();
        }
      }
      case Nbd.OPT_INFO, Nbd.OPT_GO -> info(option, data);
      case Nbd.OPT_STRUCTURED_REPLY -> structuredReply(data);
      case Nbd.OPT_EXTENDED_HEADERS -> extendedHeaders(data);
      case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> metaContext(option, data);
      default -> answers.refuse(option, Nbd.REP_ERR_UNSUP, unsupported(option));
    }
    return true;
  }

  private static String unsupported(int option) {
    String number = Integer.toUnsignedString(option);
    return "Unsupported option " + number + " (" + Nbd.optionName(option) + ")";
  }

  /** Serves an option in the open; false when it ends the talk. */
  private boolean beforeTls(TlsGate closed, int option, long length)
      throws IOException, NegotiationException {
    if (!fixed) {
      throw new NegotiationException("Unsupported option 0x" + Integer.toHexString(option));
    }
    closed.serve(option, length, in, answers);
    Wire secured = closed.secured();
    if (secured != null) {
      in = new OptionReader(secured);
      answers = new OptionReplies(secured);
      wire = secured;
    }
    return option != Nbd.OPT_ABORT;
  }

  private void refuseTls() throws IOException {
    if (gate == null) {
      answers.refuse(Nbd.OPT_STARTTLS, Nbd.REP_ERR_POLICY, "TLS not configured");
    } else {
      answers.refuse(Nbd.OPT_STARTTLS, Nbd.REP_ERR_INVALID, "TLS already enabled");
    }
  }

  private void exportName(ByteBuffer data) throws IOException, NegotiationException {
    if (mode == HeaderMode.EXTENDED) {
      throw new NegotiationException("Extended headers already negotiated");
    }
    if (data.remaining() > Nbd.MAX_STRING) {
      throw new NegotiationException("Bad length received");
    }
    OfferedExport export = find(text(data, data.remaining()));
    if (export == null) {
      throw new NegotiationException("export not found");
    }
    ByteBuffer answer = ByteBuffer.allocate(10 + (zeroes ? ZEROES : 0));
    answer.putLong(export.size()).putShort((short) flags(export));
    wire.write(answer.position(answer.capacity()).flip());
    agreed = export;
  }

  private int flags(OfferedExport export) {
    int flags = export.flags();
    if (mode != HeaderMode.SIMPLE) {
      flags |= Nbd.SEND_DF;
    }
    if (mode == HeaderMode.EXTENDED) {
      flags |= Nbd.BLOCK_STATUS_PAYLOAD;
    }
    return flags;
  }

  private void list(ByteBuffer data) throws IOException {
    if (hasData(Nbd.OPT_LIST, data)) {
      return;
    }
    for (OfferedExport export : exports.get()) {
      byte[] name = export.name().getBytes(UTF_8);
      byte[] description = export.description().getBytes(UTF_8);
      ByteBuffer entry = ByteBuffer.allocate(4 + name.length + description.length);
      answers.reply(
          Nbd.OPT_LIST,
          Nbd.REP_SERVER,
          entry.putInt(name.length).put(name).put(description).flip());
    }
    answers.acknowledge(Nbd.OPT_LIST);
  }

  private void structuredReply(ByteBuffer data) throws IOException {
    int option = Nbd.OPT_STRUCTURED_REPLY;
    if (hasData(option, data)) {
      return;
    }
    switch (mode) {
      case SIMPLE -> {
        mode = HeaderMode.STRUCTURED;
        answers.acknowledge(option);
      }
      case STRUCTURED ->
          answers.refuse(option, Nbd.REP_ERR_INVALID, "structured reply already negotiated");
      case EXTENDED ->
          answers.refuse(
              option, Nbd.REP_ERR_EXT_HEADER_REQD, "extended headers already negotiated");
    }
  }

  private void extendedHeaders(ByteBuffer data) throws IOException {
    int option = Nbd.OPT_EXTENDED_HEADERS;
    if (hasData(option, data)) {
      return;
    }
    if (mode == HeaderMode.EXTENDED) {
      answers.refuse(option, Nbd.REP_ERR_INVALID, "extended headers already negotiated");
      return;
    }
    mode = HeaderMode.EXTENDED;
    answers.acknowledge(option);
  }

  private boolean hasData(int option, ByteBuffer data) throws IOException {
    if (!data.hasRemaining()) {
      return false;
    }
    answers.unexpectedLength(option);
    return true;
  }

  // ---- information about an export --------------------------------------------------------------

  private void info(int option, ByteBuffer data) throws IOException {
    String name = name(option, data);
    if (name == null) {
      return;
    }
    int requests = data.remaining() < 2 ? -1 : Short.toUnsignedInt(data.getShort());
    if (requests < 0 || data.remaining() < 2 * requests) {
      answers.inconsistent(option);
      return;
    }
    boolean sendName = false;
    boolean sendSizes = false;
    for (int i = 0; i < requests; i++) {
      int kind = Short.toUnsignedInt(data.getShort());
      sendName |= kind == Nbd.INFO_NAME;
      sendSizes |= kind == Nbd.INFO_BLOCK_SIZE;
    }
    if (data.hasRemaining()) {
      answers.unexpectedLength(option);
      return;
    }
    OfferedExport export = find(name);
    if (export == null) {
      answers.notPresent(option, name);
      return;
    }
    describe(option, export, sendName, sendSizes);
  }

  private void describe(int option, OfferedExport export, boolean sendName, boolean sendSizes)
      throws IOException {
    if (sendName) {
      answers.infoText(option, Nbd.INFO_NAME, export.name());
    }
    if (!export.description().isEmpty()) {
      answers.infoText(option, Nbd.INFO_DESCRIPTION, export.description());
    }
    boolean aligned = option == Nbd.OPT_INFO || sendSizes;
    int minimum = aligned ? export.minimumBlock() : 1;
    ByteBuffer sizes = ByteBuffer.allocate(14).putShort((short) Nbd.INFO_BLOCK_SIZE);
    sizes.putInt(minimum).putInt(Math.max(PREFERRED_BLOCK, minimum)).putInt(Nbd.MAX_BUFFER);
    answers.reply(option, Nbd.REP_INFO, sizes.flip());
    ByteBuffer size = ByteBuffer.allocate(12).putShort((short) Nbd.INFO_EXPORT);
    size.putLong(export.size()).putShort((short) flags(export));
    answers.reply(option, Nbd.REP_INFO, size.flip());
    if (option == Nbd.OPT_INFO && !sendSizes && minimum > 1) {
      answers.refuse(
          option, Nbd.REP_ERR_BLOCK_SIZE_REQD, "request NBD_INFO_BLOCK_SIZE to use this export");
      return;
    }
    answers.acknowledge(option);
    if (option == Nbd.OPT_GO) {
      agreed = export;
    }
  }

  // ---- metadata contexts ------------------------------------------------------------------------

  private void metaContext(int option, ByteBuffer data) throws IOException {
    boolean listing = option == Nbd.OPT_LIST_META_CONTEXT;
    if (!listing && mode == HeaderMode.SIMPLE) {
      answers.refuse(
          option,
          Nbd.REP_ERR_INVALID,
          "request option '"
              + Nbd.optionName(option)
              + "' when structured reply is not negotiated");
      return;
    }
    if (!listing) {
      contexts = List.of();
      contextExport = null;
    }
    String name = name(option, data);
    if (name == null) {
      return;
    }
    OfferedExport export = find(name);
    if (export == null) {
      answers.notPresent(option, name);
      return;
    }
    ContextQueries queries = ContextQueries.parse(data);
    if (queries == null) {
      answers.inconsistent(option);
      return;
    }
    List<Integer> chosen = queries.choose(export, listing);
    for (int id : chosen) {
      byte[] context = export.contexts().get(id).getBytes(UTF_8);
      ByteBuffer answer = ByteBuffer.allocate(4 + context.length).putInt(listing ? 0 : id);
      answers.reply(option, Nbd.REP_META_CONTEXT, answer.put(context).flip());
    }
    answers.acknowledge(option);
    if (!listing) {
      contextExport = name;
      contexts = chosen;
    }
  }

  // ---- common -----------------------------------------------------------------------------------

  private @Nullable String name(int option, ByteBuffer data) throws IOException {
    if (data.remaining() < 4) {
      answers.inconsistent(option);
      return null;
    }
    long length = Integer.toUnsignedLong(data.getInt());
    if (length > Nbd.MAX_STRING) {
      answers.refuse(option, Nbd.REP_ERR_INVALID, "Invalid name length: " + length);
      return null;
    }
    if (length > data.remaining()) {
      answers.inconsistent(option);
      return null;
    }
    return text(data, (int) length);
  }

  private @Nullable OfferedExport find(String name) {
    for (OfferedExport export : exports.get()) {
      if (export.name().equals(name)) {
        return export;
      }
    }
    return null;
  }

  private static String text(ByteBuffer data, int length) {
    ByteBuffer bytes = data.slice(data.position(), length);
    ByteBuffer unused = data.position(data.position() + length);
    return UTF_8.decode(bytes).toString();
  }
}
