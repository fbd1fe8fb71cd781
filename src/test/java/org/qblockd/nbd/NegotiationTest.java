// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Both sides of the handshake on recorded bytes: no sockets, no threads. */
class NegotiationTest {
  private static final OfferedExport EXPORT =
      new OfferedExport(
          "disk",
          "a text",
          1 << 20,
          Nbd.HAS_FLAGS,
          512,
          List.of(OfferedExport.BASE_ALLOCATION, OfferedExport.ALLOCATION_DEPTH));

  /** A peer whose bytes are known beforehand. */
  private static final class Recorded implements Wire {
    private final ByteBuffer input;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    Recorded(byte[] input) {
      this.input = ByteBuffer.wrap(input);
    }

    @Override
    public void read(ByteBuffer into) throws IOException {
      if (input.remaining() < into.remaining()) {
        throw new EOFException();
      }
      while (into.hasRemaining()) {
        into.put(input.get());
      }
    }

    String text() {
      return output.toString(UTF_8);
    }

    @Override
    public void write(ByteBuffer from) {
      while (from.hasRemaining()) {
        output.write(from.get());
      }
    }
  }

  /** What a client sends. */
  private static final class Script {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Script(int flags) {
      put(ByteBuffer.allocate(4).putInt(flags));
    }

    Script option(int option, int length, ByteBuffer data) {
      put(ByteBuffer.allocate(16).putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(length));
      put(data);
      return this;
    }

    Script option(int option, ByteBuffer data) {
      return option(option, data.position(), data);
    }

    Script option(int option) {
      return option(option, ByteBuffer.allocate(0));
    }

    private void put(ByteBuffer filled) {
      bytes.write(filled.array(), filled.arrayOffset(), filled.position());
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }

    byte[] afterFlags() {
      byte[] all = bytes();
      return java.util.Arrays.copyOfRange(all, 4, all.length);
    }
  }

  private static ByteBuffer name(String name, int room) {
    byte[] text = name.getBytes(UTF_8);
    return ByteBuffer.allocate(4 + text.length + room).putInt(text.length).put(text);
  }

  private static ByteBuffer go(String name) {
    return name(name, 2).putShort((short) 0);
  }

  private static ByteBuffer query(String context) {
    byte[] text = context.getBytes(UTF_8);
    return name("disk", 8 + text.length).putInt(1).putInt(text.length).put(text);
  }

  private static Script fullTalk() {
    return new Script(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)
        .option(Nbd.OPT_LIST)
        .option(99, ByteBuffer.allocate(7).position(7))
        .option(Nbd.OPT_STARTTLS)
        .option(Nbd.OPT_EXTENDED_HEADERS)
        .option(Nbd.OPT_SET_META_CONTEXT, query("qemu:allocation-depth"))
        .option(Nbd.OPT_GO, go("disk"));
  }

  private static @Nullable Agreement serve(byte[] client) throws IOException, NegotiationException {
    return new ServerNegotiation(new Recorded(client), () -> List.of(EXPORT), null).negotiate();
  }

  @Test
  void agreesOnHeadersAndContexts() throws Exception {
    Agreement agreement = serve(fullTalk().bytes());
    assertThat(agreement).isEqualTo(new Agreement(EXPORT, HeaderMode.EXTENDED, List.of(1)));
  }

  @Test
  void aTalkCutAnywhereEndsAsACutTalk() {
    byte[] whole = fullTalk().bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> serve(cut)).satisfies(NegotiationTest::isOfACutTalk);
    }
  }

  /** Where the client has said nothing yet there is nothing to tell of it. */
  private static void isOfACutTalk(Throwable thrown) {
    if (thrown instanceof NegotiationException) {
      assertThat(thrown).hasMessageEndingWith("Unexpected end-of-file before all data were read");
    } else {
      assertThat(thrown).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void withTlsNothingElseComesBeforeIt() throws Exception {
    Recorded open =
        new Recorded(
            new Script(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)
                .option(Nbd.OPT_STRUCTURED_REPLY)
                .option(Nbd.OPT_STARTTLS)
                .bytes());
    Recorded secret =
        new Recorded(
            new Script(0).option(Nbd.OPT_STARTTLS).option(Nbd.OPT_GO, go("disk")).afterFlags());
    Agreement agreement =
        new ServerNegotiation(open, () -> List.of(EXPORT), () -> secret).negotiate();
    assertThat(agreement).isEqualTo(new Agreement(EXPORT, HeaderMode.SIMPLE, List.of()));
    assertThat(open.text()).contains("Option 0x8 not permitted before TLS");
    assertThat(secret.text()).contains("TLS already enabled");
  }

  @Test
  void withTlsNoExportIsNamedInTheOpenAndStarttlsHasNoData() {
    for (int option : List.of(Nbd.OPT_EXPORT_NAME, Nbd.OPT_STARTTLS)) {
      byte[] talk =
          new Script(Nbd.FIXED_NEWSTYLE).option(option, ByteBuffer.allocate(4).putInt(1)).bytes();
      Recorded client = new Recorded(talk);
      assertThatThrownBy(
              () -> new ServerNegotiation(client, () -> List.of(EXPORT), () -> client).negotiate())
          .isInstanceOf(NegotiationException.class);
    }
  }

  @Test
  void contextsOfAnotherExportDoNotCount() throws Exception {
    Script client =
        new Script(Nbd.FIXED_NEWSTYLE)
            .option(Nbd.OPT_STRUCTURED_REPLY)
            .option(Nbd.OPT_SET_META_CONTEXT, query("base:allocation"))
            .option(Nbd.OPT_SET_META_CONTEXT, name("nobody", 4).putInt(0))
            .option(Nbd.OPT_GO, go("disk"));
    Agreement agreement = serve(client.bytes());
    assertThat(agreement).isEqualTo(new Agreement(EXPORT, HeaderMode.STRUCTURED, List.of()));
  }

  @Test
  void refusesUnknownFlagsWrongMagicAndHugeLengths() {
    assertThatThrownBy(() -> serve(new Script(12).bytes()))
        .hasMessage("Unknown client flags 0xc received");
    byte[] noMagic = new Script(Nbd.FIXED_NEWSTYLE).option(Nbd.OPT_LIST).bytes();
    noMagic[5] ^= 1;
    assertThatThrownBy(() -> serve(noMagic)).hasMessage("Bad magic received");
    byte[] huge =
        new Script(Nbd.FIXED_NEWSTYLE).option(Nbd.OPT_LIST, -1, ByteBuffer.allocate(0)).bytes();
    assertThatThrownBy(() -> serve(huge))
        .hasMessage("len (4294967295) is larger than max len (33554432)");
  }

  @Test
  void lengthsThatDoNotAgreeAreRefusedAndTheTalkGoesOn() throws Exception {
    Script client =
        new Script(Nbd.FIXED_NEWSTYLE)
            .option(Nbd.OPT_STRUCTURED_REPLY)
            .option(Nbd.OPT_GO, ByteBuffer.allocate(4).putInt(-1))
            .option(Nbd.OPT_GO, ByteBuffer.allocate(4).putInt(100))
            .option(Nbd.OPT_SET_META_CONTEXT, name("disk", 4).putInt(-1))
            .option(Nbd.OPT_INFO, name("disk", 2).putShort((short) -1))
            .option(Nbd.OPT_GO, go("disk"));
    assertThat(serve(client.bytes())).isNotNull();
  }

  @Test
  void clientUnderstandsOurServerAndNothingLess() throws Exception {
    Recorded toServer =
        new Recorded(
            new Script(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)
                .option(Nbd.OPT_EXTENDED_HEADERS)
                .option(Nbd.OPT_SET_META_CONTEXT, query("base:allocation"))
                .option(Nbd.OPT_GO, name("disk", 4).putShort((short) 1).putShort((short) 3))
                .bytes());
    Agreement unused = new ServerNegotiation(toServer, () -> List.of(EXPORT), null).negotiate();
    byte[] server = toServer.output.toByteArray();
    Recorded toClient = new Recorded(server);
    ClientAgreement agreement =
        new ClientNegotiation(toClient, "disk", "base:allocation", null).negotiate();
    assertThat(agreement.size()).isEqualTo(1 << 20);
    assertThat(agreement.mode()).isEqualTo(HeaderMode.EXTENDED);
    assertThat(agreement.context()).isZero();
    assertThat(agreement.minimumBlock()).isEqualTo(512);
    assertThat(toClient.output.toByteArray()).isEqualTo(toServer.input.array());
    for (int length = 0; length < server.length; length++) {
      Recorded cut = new Recorded(java.util.Arrays.copyOf(server, length));
      assertThatThrownBy(
              () -> new ClientNegotiation(cut, "disk", "base:allocation", null).negotiate())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Failed to read ")
          .hasRootCauseInstanceOf(EOFException.class);
    }
  }
}
