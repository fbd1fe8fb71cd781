// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Programs;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Request;

/** Connections that end at any byte harm nobody else, and leave nothing behind. */
final class NbdCutIT {
  private static final int SIZE = 8 << 20;
  private static final long WATCHDOG_NANOS = 60_000_000_000L;
  private static final String END = "Unexpected end-of-file before all data were read";
  private static final long ALL = Long.MAX_VALUE;

  @TempDir Path directory;
  private Command command;
  private Served ours;
  private long seed;

  @BeforeEach
  void start() throws Exception {
    command = new Command(directory);
    seed = System.nanoTime();
    byte[] content = new byte[SIZE];
    new Random(8).nextBytes(content);
    Files.write(directory.resolve("source"), content);
    Files.write(directory.resolve("disk"), new byte[SIZE]);
    ours = Served.start(Programs.underTest(), directory);
  }

  @AfterEach
  void end() throws Exception {
    ours.close();
  }

  /** A whole talk of a client: headers, contexts, an export, and requests. */
  private static byte[] talk(boolean extended) {
    ByteBuffer out = ByteBuffer.allocate(1 << 17);
    out.putInt(Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES);
    option(out, extended ? Nbd.OPT_EXTENDED_HEADERS : Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
    ByteBuffer contexts = ByteBuffer.allocate(64);
    name(contexts, "disk").putInt(1);
    name(contexts, "base:allocation");
    option(out, Nbd.OPT_SET_META_CONTEXT, Arrays.copyOf(contexts.array(), contexts.position()));
    ByteBuffer go = ByteBuffer.allocate(64);
    name(go, "disk").putShort((short) 0);
    option(out, Nbd.OPT_GO, Arrays.copyOf(go.array(), go.position()));
    HeaderMode mode = extended ? HeaderMode.EXTENDED : HeaderMode.STRUCTURED;
    new Request(0, Nbd.CMD_READ, 1, 0, 1 << 20).encode(mode, out);
    int payload = extended ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0;
    new Request(payload, Nbd.CMD_WRITE, 2, 0, 1 << 15).encode(mode, out);
    out.put(new byte[1 << 15]);
    new Request(0, Nbd.CMD_BLOCK_STATUS, 3, 0, SIZE).encode(mode, out);
    new Request(0, Nbd.CMD_WRITE_ZEROES, 4, 0, SIZE).encode(mode, out);
    new Request(0, Nbd.CMD_FLUSH, 5, 0, 0).encode(mode, out);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void option(ByteBuffer out, int option, byte[] data) {
    out.putLong(Nbd.OPTION_MAGIC).putInt(option).putInt(data.length).put(data);
  }

  private static ByteBuffer name(ByteBuffer out, String name) {
    return out.putInt(name.length()).put(name.getBytes(UTF_8));
  }

  private void cut(byte[] talk, int length, int readBytes) throws IOException {
    Path socket = directory.resolve("ours");
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      ByteBuffer out = ByteBuffer.wrap(talk, 0, length);
      while (out.hasRemaining()) {
        client.write(out);
      }
      if (readBytes == 0) {
        return;
      }
      client.shutdownOutput();
      ByteBuffer in = ByteBuffer.allocate(readBytes);
      while (in.hasRemaining() && client.read(in) >= 0) {
        assert in.position() >= 0;
      }
    }
  }

  private long threads() throws IOException {
    return status("Threads:");
  }

  private long status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", "" + ours.pid(), "status"))) {
      if (line.startsWith(name)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no " + name);
  }

  private long sockets() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc", "" + ours.pid(), "fd"))) {
      return all.filter(NbdCutIT::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException closed) {
      return false;
    }
  }

  /** Threads of the connection end after the client sees its end. */
  private void awaitNothingLeft(long sockets, long threads) throws IOException {
    long begin = System.nanoTime();
    while (sockets() > sockets || threads() > threads) {
      if (System.nanoTime() - begin > WATCHDOG_NANOS) {
        throw new AssertionError(
            sockets() + " sockets, " + threads() + " threads; before " + sockets + ", " + threads);
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void aServerForgetsClientsThatAreCut() throws Exception {
    ours.node("n", "'driver': 'file', 'filename': 'disk', 'discard': 'unmap'");
    ours.run(
        "nbd-server-start",
        "'addr': {'type': 'unix', 'data': {'path': 'ours'}}, 'max-connections': 0");
    ours.export("n", "'name': 'disk', 'writable': true");
    byte[] extended = talk(true);
    byte[] structured = talk(false);
    // Threads that stay once they are there: of workers and of the clock.
    for (int i = 0; i < 20; i++) {
      cut(extended, extended.length, 1 << 20);
    }
    String uri = "nbd+unix:///disk?socket=" + directory.resolve("ours");
    String info = command.ok("nbdinfo", "--map", uri);
    long sockets = sockets();
    long threads = threads() + 16;
    Random random = new Random(seed);
    for (int length = 0; length < 260; length++) {
      cut(extended, length, 0);
      cut(structured, length, 0);
    }
    for (int i = 0; i < 200; i++) {
      byte[] talk = random.nextBoolean() ? extended : structured;
      cut(talk, random.nextInt(talk.length), 0);
      cut(talk, talk.length, 1 + random.nextInt(1 << 20));
    }
    awaitNothingLeft(sockets, threads);
    assertThat(command.ok("nbdinfo", "--map", uri)).isEqualTo(info);
    command.ok("nbdcopy", "source", uri);
    command.assertSame("raw", "source", "raw", uri);
    assertThat(status("VmRSS:")).as("resident KiB").isLessThan(400 << 10);
    assertThat(ours.output()).isEmpty();
  }

  /** What opening an export says when the server's words end behind each byte. */
  private List<String> openings(Served server, AtomicLong limit, int most) throws Exception {
    List<String> seen = new ArrayList<>();
    String address = "'server': {'type': 'unix', 'path': 'proxy'}, 'export': 'x'";
    String options = "'node-name': 'a', 'driver': 'nbd', " + address;
    for (int i = 0; i < most; i++) {
      limit.set(i);
      String said = server.refused("blockdev-add", options);
      // Behind a complete message the next request may find the connection closed, or not yet.
      boolean early = said.contains("Broken pipe") || said.contains("Connection reset");
      seen.add(i + " " + (early ? "Failed to read option reply: " + END : said));
    }
    return seen;
  }

  @Test
  void openingTellsWhereTheServerWasCut() throws Exception {
    AtomicLong limit = new AtomicLong();
    try (Daemon server = Daemon.qemuNbd(directory, "s", "-f", "raw", "-x", "x", "-e", "0", "disk");
        CuttingProxy proxy =
            CuttingProxy.listen(
                directory.resolve("proxy"), directory.resolve("s"), limit::get, () -> ALL);
        Served theirs = Served.start(Programs.QEMU, directory)) {
      assertThat(server).isNotNull();
      assertThat(proxy).isNotNull();
      int length = negotiationBytes(limit);
      long sockets = sockets();
      long threads = threads();
      List<String> expected = openings(theirs, limit, length);
      assertThat(openings(ours, limit, length)).isEqualTo(expected);
      awaitNothingLeft(sockets, threads + 2);
    }
  }

  /** How many bytes of the server a client needs to open the export. */
  private int negotiationBytes(AtomicLong limit) throws Exception {
    int low = 18;
    int high = 1000;
    while (low < high) {
      int middle = (low + high) / 2;
      limit.set(middle);
      String more = "'server': {'type': 'unix', 'path': 'proxy'}, 'export': 'x'";
      if (ours.opens("a", "'driver': 'nbd', " + more)) {
        ours.run("blockdev-del", "'node-name': 'a'");
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Test
  void aJobOutlivesConnectionsThatAreCutAnywhere() throws Exception {
    Random random = new Random(seed);
    AtomicLong connections = new AtomicLong();
    try (Daemon server = Daemon.qemuNbd(directory, "s", "-f", "raw", "-x", "x", "-e", "0", "disk");
        CuttingProxy proxy =
            CuttingProxy.listen(
                directory.resolve("proxy"),
                directory.resolve("s"),
                () -> connections.incrementAndGet() < 2 ? ALL : random.nextInt(6 << 20),
                () -> 1000 + random.nextInt(3 << 20))) {
      assertThat(server).isNotNull();
      assertThat(proxy).isNotNull();
      ours.node("near", "'driver': 'file', 'filename': 'source'");
      Files.write(directory.resolve("copy"), new byte[SIZE]);
      ours.node("copy", "'driver': 'file', 'filename': 'copy'");
      ours.client("nbd", "proxy", "'export': 'x', 'reconnect-delay': 1000");
      ours.job("blockdev-backup", "b", fromTo("near", "nbd"));
      ours.job("blockdev-backup", "b", fromTo("nbd", "copy"));
      assertThat(connections.get()).as("seed " + seed).isGreaterThan(3);
      ours.quit();
      assertThat(ours.output()).as("seed " + seed).isEmpty();
      command.assertSame("raw", "source", "raw", "copy");
    }
  }

  private static String fromTo(String source, String target) {
    return "'device': '" + source + "', 'target': '" + target + "', 'sync': 'full'";
  }
}
