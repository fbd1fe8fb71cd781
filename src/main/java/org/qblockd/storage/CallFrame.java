// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Native memory of one system call: where errno is captured, and room for its structures. Taken
 * from a small shared stock, since a thread-local one would be made anew for each virtual thread.
 *
 * <p>Any thread may take one; one call at a time uses it.
 */
final class CallFrame implements AutoCloseable {
  private static final int STATE_BYTES = 64;
  private static final int SCRATCH_BYTES = 256;

  /** A power of two; calls beyond this many at once get fresh memory, which the collector frees. */
  private static final int STOCK = 64;

  private static final int PROBES = 4;

  private static final AtomicReferenceArray<@Nullable CallFrame> FREE =
      new AtomicReferenceArray<>(STOCK);

  private final MemorySegment state;
  private final MemorySegment scratch;

  private CallFrame() {
    MemorySegment memory = Arena.ofAuto().allocate(STATE_BYTES + SCRATCH_BYTES, STATE_BYTES);
    state = memory.asSlice(0, STATE_BYTES);
    scratch = memory.asSlice(STATE_BYTES);
  }

  static CallFrame take() {
    int start = slot();
    for (int i = 0; i < PROBES; i++) {
      CallFrame frame = FREE.getAndSet((start + i) & (STOCK - 1), null);
      if (frame != null) {
        return frame;
      }
    }
    return new CallFrame();
  }

  private static int slot() {
    return (int) Thread.currentThread().threadId() * PROBES & (STOCK - 1);
  }

  /** Where the linker stores errno. */
  MemorySegment state() {
    return state;
  }

  /** 256 bytes for arguments in memory; their content is left over from earlier calls. */
  MemorySegment scratch() {
    return scratch;
  }

  /** The error number of the last call that failed. */
  int errno() {
    return state.get(ValueLayout.JAVA_INT, 0);
  }

  @Override
  public void close() {
    int start = slot();
    for (int i = 0; i < PROBES; i++) {
      if (FREE.compareAndSet((start + i) & (STOCK - 1), null, this)) {
        return;
      }
    }
  }
}
