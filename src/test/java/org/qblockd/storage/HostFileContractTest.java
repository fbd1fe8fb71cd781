// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** What {@link HostFile} promises, of each implementation. */
final class HostFileContractTest {
  private static final int BLOCK = 4096;
  private static final int LENGTH = 1 << 20;

  enum Kind {
    POSIX,
    DIRECT,
    MEMORY,
    CRASH,
    FAULTLESS
  }

  @TempDir Path directory;
  private HostFile open = new MemoryFile("none", 0);

  @AfterEach
  void close() {
    open.close();
  }

  private HostFile file(Kind kind) throws Exception {
    Path path = directory.resolve("disk");
    Files.write(path, new byte[0]);
    HostOpen direct = new HostOpen(true, true, true, HostFileType.REGULAR);
    open =
        switch (kind) {
          case POSIX -> HostFiles.open(path.toString(), HostOpen.regular(true));
          case DIRECT -> openDirect(path, direct);
          case MEMORY -> new MemoryFile("disk", 0);
          case CRASH -> new CrashFile(0);
          case FAULTLESS -> new FaultyFile(new MemoryFile("disk", 0));
        };
    open.truncate(LENGTH);
    return open;
  }

  private static HostFile openDirect(Path path, HostOpen how) throws BlockException {
    try {
      return HostFiles.open(path.toString(), how);
    } catch (BlockException e) {
      Assumptions.assumeFalse(e.message().contains("O_DIRECT"), e.message());
      throw e;
    }
  }

  private static byte[] random(int bytes) {
    byte[] data = new byte[bytes];
    new Random(bytes).nextBytes(data);
    return data;
  }

  private static byte[] readHeap(HostFile file, long offset, int bytes) throws BlockException {
    ByteBuffer into = ByteBuffer.allocate(bytes);
    file.read(offset, into);
    assertThat(into.hasRemaining()).isFalse();
    return into.array();
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatWasWrittenFromEveryKindOfBuffer(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(5 * BLOCK);
    ByteBuffer heap = ByteBuffer.wrap(data);
    file.write(BLOCK, heap);
    assertThat(heap.hasRemaining()).isFalse();
    assertThat(readHeap(file, BLOCK, data.length)).isEqualTo(data);

    ByteBuffer odd = ByteBuffer.allocateDirect(data.length + 3).position(3);
    file.read(BLOCK, odd);
    assertThat(odd.position()).isEqualTo(data.length + 3);
    assertThat(odd.position(3)).isEqualTo(ByteBuffer.wrap(data));

    file.write(10L * BLOCK, odd.position(3).asReadOnlyBuffer());
    assertThat(readHeap(file, 10L * BLOCK, data.length)).isEqualTo(data);
    assertThat(readHeap(file, 0, BLOCK)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void readsZeroesBeyondTheEnd(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(BLOCK);
    file.write(LENGTH - BLOCK, ByteBuffer.wrap(data));
    byte[] wanted = Arrays.copyOf(data, 3 * BLOCK);
    ByteBuffer into = ByteBuffer.allocateDirect(3 * BLOCK);
    while (into.hasRemaining()) {
      into.put((byte) 9);
    }
    file.read(LENGTH - BLOCK, into.clear());
    assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(wanted));
    assertThat(readHeap(file, 4L * LENGTH, BLOCK)).containsOnly(0);
    assertThat(file.length()).isEqualTo(LENGTH);
  }

  @ParameterizedTest
  @EnumSource
  void aReadAcrossAnOddEndIsFilledUp(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(2 * BLOCK);
    file.write(0, ByteBuffer.wrap(data));
    file.truncate(BLOCK + 100);
    byte[] wanted = Arrays.copyOf(Arrays.copyOf(data, BLOCK + 100), 4 * BLOCK);
    assertThat(readHeap(file, 0, 4 * BLOCK)).isEqualTo(wanted);
    file.truncate(LENGTH);
    assertThat(readHeap(file, 0, 4 * BLOCK)).isEqualTo(wanted);
  }

  @ParameterizedTest
  @EnumSource
  void writingBehindTheEndGrows(Kind kind) throws Exception {
    HostFile file = file(kind);
    file.write(2L * LENGTH, ByteBuffer.wrap(random(BLOCK)));
    assertThat(file.length()).isEqualTo(2L * LENGTH + BLOCK);
    assertThat(readHeap(file, LENGTH, BLOCK)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void extentsTellDataFromHoles(Kind kind) throws Exception {
    HostFile file = file(kind);
    file.write(64 << 10, ByteBuffer.wrap(random(64 << 10)));
    file.flush();
    assertThat(file.extentAt(0)).isEqualTo(new HostExtent(false, 64 << 10));
    assertThat(file.extentAt(70 << 10)).isEqualTo(new HostExtent(true, 128 << 10));
    assertThat(file.extentAt(128 << 10)).isEqualTo(new HostExtent(false, LENGTH));
    assertThat(file.extentAt(LENGTH)).isEqualTo(new HostExtent(false, Long.MAX_VALUE));
    assertThat(file.extentAt(2L * LENGTH)).isEqualTo(new HostExtent(false, Long.MAX_VALUE));
    assertThat(file.allocatedBytes()).isEqualTo(64 << 10);
  }

  @ParameterizedTest
  @EnumSource
  void aPunchedHoleIsAHoleOfZeroesAndKeepsTheLength(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(LENGTH);
    file.write(0, ByteBuffer.wrap(data));
    file.punchHole(2 * BLOCK, 2 * BLOCK);
    file.punchHole(LENGTH - BLOCK, 10 * BLOCK);
    file.punchHole(0, 0);
    Arrays.fill(data, 2 * BLOCK, 4 * BLOCK, (byte) 0);
    Arrays.fill(data, LENGTH - BLOCK, LENGTH, (byte) 0);
    assertThat(readHeap(file, 0, LENGTH)).isEqualTo(data);
    assertThat(file.length()).isEqualTo(LENGTH);
    assertThat(file.extentAt(2 * BLOCK)).isEqualTo(new HostExtent(false, 4 * BLOCK));
    assertThat(file.allocatedBytes()).isEqualTo(LENGTH - 3 * BLOCK);
  }

  @ParameterizedTest
  @EnumSource
  void aZeroedRangeReadsAsZeroesAndMayGrow(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(LENGTH);
    file.write(0, ByteBuffer.wrap(data));
    file.zeroRange(LENGTH / 2, LENGTH);
    Arrays.fill(data, LENGTH / 2, LENGTH, (byte) 0);
    assertThat(readHeap(file, 0, LENGTH)).isEqualTo(data);
    assertThat(file.length()).isEqualTo(LENGTH * 3L / 2);
  }

  @ParameterizedTest
  @EnumSource
  void allocatingKeepsBytesAndMayGrow(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(BLOCK);
    file.write(0, ByteBuffer.wrap(data));
    file.allocate(0, 2L * LENGTH);
    assertThat(readHeap(file, 0, BLOCK)).isEqualTo(data);
    assertThat(file.length()).isEqualTo(2L * LENGTH);
    assertThat(readHeap(file, LENGTH, BLOCK)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource
  void virtualThreadsGetTheSameBytes(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(LENGTH);
    Callable<byte[]> work =
        () -> {
          file.write(0, ByteBuffer.allocateDirect(LENGTH).put(data).flip());
          file.flush();
          return readHeap(file, 0, LENGTH);
        };
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(workers.submit(work).get()).isEqualTo(data);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadWithoutWaitingIsAllOrNothing(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(BLOCK);
    file.write(0, ByteBuffer.wrap(data));
    ByteBuffer into = ByteBuffer.allocateDirect(BLOCK);
    boolean done = file.tryRead(0, into);
    assertThat(into.position()).isEqualTo(done ? BLOCK : 0);
    if (done) {
      assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(data));
    }
  }

  @ParameterizedTest
  @EnumSource
  void copyingInTheKernelCopiesOrSaysThatItCannot(Kind kind) throws Exception {
    HostFile file = file(kind);
    byte[] data = random(4 * BLOCK);
    file.write(0, ByteBuffer.wrap(data));
    try {
      file.copyRange(0, file, LENGTH / 2, 4 * BLOCK);
      assertThat(readHeap(file, LENGTH / 2, 4 * BLOCK)).isEqualTo(data);
    } catch (BlockException e) {
      assertThat(e.errno()).isEqualTo(Errno.ENOTSUP);
    }
  }
}
