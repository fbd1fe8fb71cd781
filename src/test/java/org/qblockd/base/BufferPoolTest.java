// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The pool's sizes, alignment, bound, and that exhaustion never blocks a nested taker. */
final class BufferPoolTest {
  private static final int MIB = 1 << 20;

  @Test
  void buffersAreDirectAlignedAndLimitedToTheRequest() {
    BufferPool pool = new BufferPool(4 * MIB);
    for (int bytes : new int[] {1, 512, 4096, 4097, 65536, MIB + 1, 2 * MIB}) {
      try (PooledBuffer taken = pool.take(bytes)) {
        ByteBuffer buffer = taken.buffer();
        assertThat(buffer.isDirect()).isTrue();
        assertThat(buffer.position()).isZero();
        assertThat(buffer.limit()).isEqualTo(bytes);
        assertThat(buffer.alignmentOffset(0, 4096)).isZero();
      }
    }
    assertThat(pool.overflowBytes()).isZero();
  }

  @Test
  void refusesEmptyBuffersAndTinyPools() {
    assertThatThrownBy(() -> new BufferPool(1)).isInstanceOf(IllegalArgumentException.class);
    BufferPool pool = new BufferPool(2 * MIB);
    assertThatThrownBy(() -> pool.take(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void smallIdleBuffersDoNotStarveALargeOne() {
    BufferPool pool = new BufferPool(2 * MIB);
    List<PooledBuffer> small = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      small.add(pool.take(4096));
    }
    assertThat(pool.overflowBytes()).isZero();
    small.forEach(PooledBuffer::close);
    try (PooledBuffer large = pool.take(2 * MIB)) {
      assertThat(large.buffer().isDirect()).isTrue();
    }
  }

  @Test
  void anExhaustedPoolServesFromTheHeapAndRecovers() {
    BufferPool pool = new BufferPool(2 * MIB);
    try (PooledBuffer outer = pool.take(2 * MIB)) {
      assertThat(outer.buffer().isDirect()).isTrue();
      try (PooledBuffer nested = pool.take(65536)) {
        assertThat(nested.buffer().isDirect()).isFalse();
        assertThat(nested.buffer().limit()).isEqualTo(65536);
        assertThat(pool.overflowBytes()).isEqualTo(65536);
      }
      assertThat(pool.overflowBytes()).isZero();
    }
    try (PooledBuffer again = pool.take(65536)) {
      assertThat(again.buffer().isDirect()).isTrue();
    }
    assertThat(pool.pooledBytes()).isEqualTo(2 * MIB);
  }

  @Test
  void anExhaustedPoolMakesOnlyTheFirstTakerWait() {
    BufferPool pool = new BufferPool(2 * MIB);
    try (PooledBuffer outer = pool.take(2 * MIB)) {
      assertThat(outer.buffer().isDirect()).isTrue();
      for (int i = 0; i < 3; i++) {
        pool.take(4096).close();
      }
      assertThat(pool.waits()).isEqualTo(1);
    }
    try (PooledBuffer outer = pool.take(2 * MIB)) {
      assertThat(outer.buffer().isDirect()).isTrue();
      pool.take(4096).close();
      pool.take(4096).close();
    }
    assertThat(pool.waits()).isEqualTo(2);
  }

  @Test
  void largerRequestsComeFromTheHeap() {
    BufferPool pool = new BufferPool(2 * MIB);
    try (PooledBuffer large = pool.take(3 * MIB)) {
      assertThat(large.buffer().remaining()).isEqualTo(3 * MIB);
      assertThat(pool.pooledBytes()).isZero();
    }
  }

  @Test
  void closingTwiceReturnsOnce() {
    BufferPool pool = new BufferPool(2 * MIB);
    PooledBuffer first = pool.take(2 * MIB);
    first.close();
    PooledBuffer second = pool.take(2 * MIB);
    first.close();
    try (PooledBuffer third = pool.take(2 * MIB)) {
      assertThat(third.buffer().isDirect()).isFalse();
    }
    second.close();
  }

  @Test
  void noTwoOwnersShareMemory() throws Exception {
    BufferPool pool = new BufferPool(4 * MIB);
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        long stamp = i;
        running.add(workers.submit(() -> stampBuffers(pool, stamp)));
      }
      for (Future<?> worker : running) {
        worker.get();
      }
    }
    assertThat(pool.overflowBytes()).isZero();
    try (PooledBuffer a = pool.take(2 * MIB);
        PooledBuffer b = pool.take(2 * MIB)) {
      assertThat(a.buffer().isDirect() && b.buffer().isDirect()).isTrue();
    }
  }

  private static void stampBuffers(BufferPool pool, long stamp) {
    Random random = new Random(stamp);
    for (int round = 0; round < 2000; round++) {
      int bytes = 8 << random.nextInt(13);
      try (PooledBuffer taken = pool.take(bytes)) {
        ByteBuffer buffer = taken.buffer();
        buffer.putLong(0, stamp).putLong(bytes - 8, stamp);
        assertThat(buffer.getLong(0)).isEqualTo(stamp);
        assertThat(buffer.getLong(bytes - 8)).isEqualTo(stamp);
      }
    }
  }
}
