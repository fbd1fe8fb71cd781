// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.nbd.Nbd;

/** Clients that do wrong harm only themselves. */
final class NbdHostileIT {
  private static final int SIZE = 8 << 20;
  private static final int MEMORY_LIMIT_MIB = 450;

  @TempDir Path directory;
  private LiveServer server;
  private Path socket;

  @BeforeEach
  void serve() throws IOException {
    byte[] content = new byte[SIZE];
    Arrays.fill(content, (byte) 'x');
    Files.write(directory.resolve("disk"), content);
    server = LiveServer.start(directory);
    socket = directory.resolve("nbd");
    server.execute(
        "{'execute': 'blockdev-add', 'arguments': {'driver': 'file', 'node-name': 'n', 'filename':"
            + " 'disk'}}");
    start(", 'max-connections': 0");
  }

  private void start(String limits) throws IOException {
    server.execute(
        "{'execute': 'nbd-server-start', 'arguments': {'addr': {'type': 'unix', 'data': {'path':"
            + " 'nbd'}}"
            + limits
            + "}}");
    server.execute(
        "{'execute': 'block-export-add', 'arguments': {'type': 'nbd', 'id': 'e', 'node-name': 'n',"
            + " 'writable': true}}");
  }

  @AfterEach
  void end() throws Exception {
    server.close();
  }

  /** Somebody else can work as ever. */
  private void othersAreServed() throws IOException {
    try (NbdPeer good = NbdPeer.use(socket, "n")) {
      good.send(NbdPeer.request(Nbd.CMD_READ, 7, SIZE - 4096, 4096));
      assertThat(good.error(7)).isZero();
      byte[] data = good.read(4096).array();
      assertThat(data).containsOnly((byte) 'x');
    }
  }

  @Test
  void readersThatNeverReadDoNotUseUpTheMemory() throws Exception {
    List<NbdPeer> bad = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      NbdPeer peer = NbdPeer.use(socket, "n");
      bad.add(peer);
      for (int request = 0; request < 40; request++) {
        peer.send(NbdPeer.request(Nbd.CMD_READ, request, 0, 1 << 20));
      }
    }
    othersAreServed();
    assertThat(residentMebibytes()).isLessThan(MEMORY_LIMIT_MIB);
    for (NbdPeer peer : bad) {
      peer.close();
    }
    othersAreServed();
  }

  private long residentMebibytes() throws IOException {
    Path status = Path.of("/proc", String.valueOf(server.process().pid()), "status");
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no VmRSS in " + status);
  }

  @Test
  void aWrongMagicNumberEndsItsConnectionOnly() throws Exception {
    try (NbdPeer bad = NbdPeer.use(socket, "n")) {
      ByteBuffer request = NbdPeer.request(Nbd.CMD_READ, 1, 0, 512);
      bad.send(request.put(0, (byte) 0));
      assertThat(bad.error(1)).isEqualTo(22);
      assertThat(bad.isCutOff()).isTrue();
    }
    othersAreServed();
  }

  @Test
  void requestsThatCannotBeServedGetErrors() throws Exception {
    try (NbdPeer bad = NbdPeer.use(socket, "n")) {
      bad.send(NbdPeer.request(Nbd.CMD_READ, 1, SIZE - 511, 512));
      assertThat(bad.error(1)).isEqualTo(22);
      bad.send(NbdPeer.request(Nbd.CMD_READ, 2, -512, 512));
      assertThat(bad.error(2)).isEqualTo(22);
      bad.send(NbdPeer.request(Nbd.CMD_READ, 3, 0, 0xFFFF_FFFFL));
      assertThat(bad.error(3)).isEqualTo(22);
      bad.send(NbdPeer.request(Nbd.CMD_BLOCK_STATUS, 4, 0, 512));
      assertThat(bad.error(4)).isEqualTo(22);
      bad.send(NbdPeer.request(99, 5, 0, 512));
      assertThat(bad.error(5)).isEqualTo(22);
      bad.send(NbdPeer.request(Nbd.CMD_WRITE, 6, 0, 33 << 20));
      assertThat(bad.error(6)).isEqualTo(22);
      assertThat(bad.isCutOff()).isTrue();
    }
    othersAreServed();
  }

  @Test
  void aCutAnywhereInTheTrafficIsForgotten() throws Exception {
    ByteBuffer talk = ByteBuffer.allocate(1 << 13);
    talk.put(NbdPeer.handshake("n")).put(NbdPeer.request(Nbd.CMD_READ, 1, 0, 4096));
    talk.put(NbdPeer.request(Nbd.CMD_WRITE, 2, 0, 4096)).put(new byte[4096]);
    byte[] all = Arrays.copyOf(talk.array(), talk.position());
    Arrays.fill(all, all.length - 4096, all.length, (byte) 'x');
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 120; i++) {
      int length = i < 100 ? i : random.nextInt(all.length);
      try (NbdPeer cut = NbdPeer.connect(socket)) {
        cut.send(ByteBuffer.wrap(all, 0, length));
      } catch (IOException e) {
        throw new AssertionError("cut after " + length + " bytes, seed " + seed, e);
      }
    }
    othersAreServed();
  }

  @Test
  void aStallInTheHandshakeEndsInTime() throws Exception {
    server.execute("{'execute': 'nbd-server-stop'}");
    start(", 'handshake-max-seconds': 1");
    try (NbdPeer slow = NbdPeer.connect(socket)) {
      slow.send(NbdPeer.handshake("n").limit(9));
      assertThat(slow.isCutOff()).isTrue();
    }
    othersAreServed();
  }
}
