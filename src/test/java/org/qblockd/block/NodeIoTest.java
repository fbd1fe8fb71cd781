// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

class NodeIoTest {
  private static final int LENGTH = 64 << 10;

  private final GraphFixture fixture = new GraphFixture();

  @AfterEach
  void end() {
    fixture.close();
  }

  private BlockNode node(MemoryOps ops) throws Exception {
    return fixture.onLane(() -> fixture.memoryNode("n", ops));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 4096})
  void unalignedRequestsAgreeWithAModel(int alignment) throws Exception {
    Random random = new Random(7);
    BlockNode node = node(new MemoryOps(LENGTH, new Limits(alignment, 8192, 0, 0, 0, 0)));
    byte[] model = new byte[LENGTH];
    for (int step = 0; step < 2000; step++) {
      int offset = random.nextInt(LENGTH);
      int bytes = random.nextInt(Math.min(20_000, LENGTH - offset + 1));
      switch (random.nextInt(3)) {
        case 0 -> {
          byte[] data = new byte[bytes];
          random.nextBytes(data);
          System.arraycopy(data, 0, model, offset, bytes);
          node.write(offset, ByteBuffer.wrap(data), 0);
        }
        case 1 -> {
          java.util.Arrays.fill(model, offset, offset + bytes, (byte) 0);
          node.writeZeroes(offset, bytes, 0);
        }
        default -> {
          ByteBuffer read = ByteBuffer.allocate(bytes);
          node.read(offset, read, 0);
          assertThat(read.array())
              .isEqualTo(java.util.Arrays.copyOfRange(model, offset, offset + bytes));
        }
      }
    }
  }

  @Test
  void bytesBeyondTheEndReadAsZero() throws Exception {
    MemoryOps ops = new MemoryOps(10, Limits.NONE);
    java.util.Arrays.fill(ops.bytes(), (byte) 1);
    ByteBuffer read = ByteBuffer.allocate(4);
    node(ops).read(8, read, 0);
    assertThat(read.array()).containsExactly(1, 1, 0, 0);
  }

  @Test
  void aFailedWriteStillMarksBitmaps() throws Exception {
    MemoryOps ops = new MemoryOps(LENGTH, Limits.NONE);
    BlockNode node = node(ops);
    DirtyBitmap bitmap = new DirtyBitmap("b", 4096, LENGTH);
    node.addBitmap(bitmap);
    ops.setHook((operation, offset, bytes) -> {
      throw BlockException.io(Errno.ENOSPC);
    });
    assertThatThrownBy(() -> node.write(5000, ByteBuffer.allocate(1), 0))
        .hasMessage("No space left on device");
    assertThat(bitmap.isDirty(5000)).isTrue();
  }

  @Test
  void concurrentWritersOfOneBlockLoseNothing() throws Exception {
    BlockNode node = node(new MemoryOps(4096, Limits.aligned(4096)));
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < 8; writer++) {
      int offset = writer * 512;
      writers.add(Thread.ofVirtual().start(() -> writeRounds(node, offset, 200)));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    ByteBuffer read = ByteBuffer.allocate(4096);
    node.read(0, read, 0);
    assertThat(read.array()).containsOnly((byte) 200);
  }

  /** Writes 512 bytes at {@code offset} again and again; the bytes are the round's number. */
  private static void writeRounds(BlockNode node, int offset, int rounds) {
    byte[] data = new byte[512];
    for (int round = 1; round <= rounds; round++) {
      java.util.Arrays.fill(data, (byte) round);
      try {
        node.write(offset, ByteBuffer.wrap(data), 0);
      } catch (BlockException failure) {
        throw new AssertionError(failure);
      }
    }
  }

  @Test
  void zeroesAreDetected() throws Exception {
    MemoryOps ops = new MemoryOps(LENGTH, Limits.NONE);
    BlockNode node = node(ops);
    node.setOptions(new NodeOptions(false, false, false, false, true, DetectZeroes.UNMAP, false));
    List<String> seen = new ArrayList<>();
    ops.setHook((operation, offset, bytes) -> seen.add(operation));
    node.write(0, ByteBuffer.allocate(4096), 0);
    node.write(0, ByteBuffer.wrap(new byte[] {0, 1}), 0);
    assertThat(seen).containsExactly("zero", "write");
  }

  @Test
  void forceUnitAccessFlushesBehindADriverThatCannot() throws Exception {
    MemoryOps ops = new MemoryOps(LENGTH, Limits.NONE);
    BlockNode node = node(ops);
    List<String> seen = new ArrayList<>();
    ops.setHook((operation, offset, bytes) -> seen.add(operation));
    node.write(0, ByteBuffer.allocate(1), RequestFlags.FUA);
    assertThat(seen).containsExactly("write", "flush");
  }
}
