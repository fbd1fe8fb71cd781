// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A slice of an L2 table in memory. Entries are read by any thread without a lock and changed under
 * the metadata lock, which also guards the state of writing back.
 */
final class L2Slice {
  private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

  /** Guest offset divided by what a slice spans. */
  final long index;

  /** Where the slice lies in the file, bytes. */
  final long hostOffset;

  /** One number per entry, two where entries are extended. */
  private final long[] entries;

  private final boolean extended;

  /** Odd while a pair of numbers is being changed; only for extended entries. */
  private volatile int version;

  private boolean dirty;
  private boolean writing;

  /** Set by lookups, cleared by the search for something to evict. */
  private volatile boolean recent = true;

  L2Slice(long index, long hostOffset, long[] entries, boolean extended) {
    this.index = index;
    this.hostOffset = hostOffset;
    this.entries = entries;
    this.extended = extended;
  }

  /** The descriptor alone. */
  long get(int at) {
    return (long) ENTRY.getAcquire(entries, extended ? 2 * at : at);
  }

  /** Descriptor and bitmap as they were at one moment. */
  L2Entry entry(int at) {
    if (!extended) {
      return new L2Entry(get(at), 0);
    }
    while (true) {
      int seen = version;
      long value = (long) ENTRY.getAcquire(entries, 2 * at);
      long bitmap = (long) ENTRY.getAcquire(entries, 2 * at + 1);
      if ((seen & 1) == 0 && version == seen) {
        return new L2Entry(value, bitmap);
      }
      Thread.onSpinWait();
    }
  }

  /** Under the metadata lock; whatever the entry refers to is complete before. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer at a time, by the metadata lock
  void set(int at, L2Entry entry) {
    if (extended) {
      version++;
      VarHandle.fullFence();
      ENTRY.setRelease(entries, 2 * at, entry.value());
      ENTRY.setRelease(entries, 2 * at + 1, entry.bitmap());
      version++;
    } else {
      ENTRY.setRelease(entries, at, entry.value());
    }
    dirty = true;
  }

  void touch() {
    if (!recent) {
      recent = true;
    }
  }

  /** Whether it was looked up since the last call. */
  boolean takeRecent() {
    boolean was = recent;
    recent = false;
    return was;
  }

  boolean dirty() {
    return dirty;
  }

  boolean evictable() {
    return !dirty && !writing;
  }

  DirtyBytes capture() {
    ByteBuffer copy = ByteBuffer.allocate(entries.length * 8);
    copy.asLongBuffer().put(entries);
    dirty = false;
    writing = true;
    return new DirtyBytes(hostOffset, copy.array());
  }

  void written(boolean success) {
    writing = false;
    dirty |= !success;
  }
}
