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

  private final long[] entries;
  private boolean dirty;
  private boolean writing;

  /** Set by lookups, cleared by the search for something to evict. */
  private volatile boolean recent = true;

  L2Slice(long index, long hostOffset, long[] entries) {
    this.index = index;
    this.hostOffset = hostOffset;
    this.entries = entries;
  }

  int size() {
    return entries.length;
  }

  long get(int at) {
    return (long) ENTRY.getAcquire(entries, at);
  }

  /** Under the metadata lock; whatever the entry refers to is complete before. */
  void set(int at, long entry) {
    ENTRY.setRelease(entries, at, entry);
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
