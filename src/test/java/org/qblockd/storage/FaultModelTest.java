// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** The files that fail on purpose do so as planned, and in no other way. */
final class FaultModelTest {
  private static Errno errno(ThrowingCallable action) {
    BlockException e = catchThrowableOfType(BlockException.class, action);
    assertThat(e).as("nothing was thrown").isNotNull();
    return e.errno();
  }

  private static ByteBuffer filled(int bytes, int value) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) value);
    return ByteBuffer.wrap(data);
  }

  private static byte[] read(HostFile file, long offset, int bytes) throws BlockException {
    ByteBuffer into = ByteBuffer.allocate(bytes);
    file.read(offset, into);
    return into.array();
  }

  @Test
  void faultsStrikeByKindRangeAndCount() throws Exception {
    FaultyFile file = new FaultyFile(new MemoryFile("disk", 1 << 20));
    file.plan(
        Fault.failing(Fault.Operation.WRITE, Errno.ENOSPC).within(4096, 4096).after(1).times(1));
    file.write(4096, filled(10, 1));
    file.write(0, filled(4096, 1));
    assertThat(errno(() -> file.write(8191, filled(1, 1)))).isEqualTo(Errno.ENOSPC);
    file.write(8191, filled(1, 1));
    file.plan(Fault.failing(Fault.Operation.FLUSH, Errno.EIO));
    assertThat(errno(file::flush)).isEqualTo(Errno.EIO);
    file.heal();
    file.flush();
  }

  @Test
  void aTornWriteLeavesItsBeginning() throws Exception {
    FaultyFile file = new FaultyFile(new MemoryFile("disk", 4096));
    file.plan(Fault.tearing(100, Errno.EIO));
    assertThat(errno(() -> file.write(0, filled(512, 7)))).isEqualTo(Errno.EIO);
    assertThat(read(file, 0, 100)).containsOnly(7);
    assertThat(read(file, 100, 412)).containsOnly(0);
  }

  @Test
  void aHeldOperationWaitsForTheTest() throws Exception {
    FaultyFile file = new FaultyFile(new MemoryFile("disk", 4096));
    Fault.Gate gate = new Fault.Gate();
    file.plan(Fault.holding(Fault.Operation.READ, gate));
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<byte[]> reading = workers.submit(() -> read(file, 0, 512));
      gate.awaitArrival();
      file.write(0, filled(512, 3));
      assertThat(reading.isDone()).isFalse();
      gate.open();
      assertThat(reading.get()).containsOnly(3);
    }
  }

  @Test
  void flushedBytesSurviveACrash() throws Exception {
    CrashFile file = new CrashFile(8192);
    file.write(0, filled(2048, 1));
    file.flush();
    file.write(4096, filled(2048, 2));
    for (int seed = 0; seed < 50; seed++) {
      assertThat(read(file.crash(new Random(seed)), 0, 2048)).containsOnly(1);
    }
    file.flush();
    assertThat(read(file.crash(new Random(1)), 4096, 2048)).containsOnly(2);
  }

  @Test
  void aCrashTearsReordersAndLosesBySector() throws Exception {
    CrashFile file = new CrashFile(8192);
    file.write(0, filled(1024, 1));
    file.write(0, filled(1024, 2));
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      MemoryFile after = file.crash(new Random(seed));
      byte[] first = read(after, 0, 512);
      byte[] second = read(after, 512, 512);
      assertThat(first).containsOnly(first[0]);
      assertThat(second).containsOnly(second[0]);
      seen.add(first[0] + "" + second[0]);
    }
    assertThat(seen).contains("00", "01", "02", "10", "11", "12", "20", "21", "22").hasSize(9);
    assertThat(read(file, 0, 1024)).containsOnly(2);
  }

  @Test
  void aCrashMayLoseGrowthAndShrinking() throws Exception {
    CrashFile file = new CrashFile(1024);
    file.write(0, filled(1024, 5));
    file.flush();
    file.truncate(512);
    file.write(512, filled(1024, 6));
    Set<Long> lengths = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      MemoryFile after = file.crash(new Random(seed));
      lengths.add(after.length());
      assertThat(read(after, 0, 512)).containsOnly(5);
    }
    assertThat(lengths).containsExactlyInAnyOrder(512L, 1024L, 1536L);
  }
}
