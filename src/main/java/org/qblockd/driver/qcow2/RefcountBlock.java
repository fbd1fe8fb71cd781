// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One refcount block in memory, as its bytes lie on disk. Guarded by the metadata lock. Source:
 * qcow2 specification, "Refcount blocks"; entries narrower than a byte fill it from the low bits.
 */
final class RefcountBlock {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Bytes are written in units of sectors. */
  private static final int SECTOR = 512;

  final long offset;
  final byte[] bytes;
  private final int order;
  private int dirtyFrom;
  private int dirtyTo;
  private boolean writing;

  RefcountBlock(long offset, byte[] bytes, int order) {
    this.offset = offset;
    this.bytes = bytes;
    this.order = order;
  }

  long get(int index) {
    return switch (order) {
      case 3 -> bytes[index] & 0xff;
      case 4 -> (short) SHORTS.get(bytes, index * 2) & 0xffff;
      case 5 -> (int) INTS.get(bytes, index * 4) & 0xffffffffL;
      case 6 -> (long) LONGS.get(bytes, index * 8);
      default -> (bytes[(index << order) >>> 3] & 0xff) >>> shift(index) & narrowMask();
    };
  }

  void set(int index, long value) {
    int at = (index << order) >>> 3;
    switch (order) {
      case 3 -> bytes[at] = (byte) value;
      case 4 -> SHORTS.set(bytes, at, (short) value);
      case 5 -> INTS.set(bytes, at, (int) value);
      case 6 -> LONGS.set(bytes, at, value);
      default -> {
        int cleared = bytes[at] & ~(narrowMask() << shift(index));
        bytes[at] = (byte) (cleared | (int) value << shift(index));
      }
    }
    markDirty(at, at + Math.max(1, (1 << order) / 8));
  }

  void markAllDirty() {
    markDirty(0, bytes.length);
  }

  private void markDirty(int from, int to) {
    int start = from & -SECTOR;
    int end = (to + SECTOR - 1) & -SECTOR;
    dirtyFrom = dirty() ? Math.min(dirtyFrom, start) : start;
    dirtyTo = dirty() ? Math.max(dirtyTo, end) : end;
  }

  boolean dirty() {
    return dirtyTo > dirtyFrom;
  }

  boolean evictable() {
    return !dirty() && !writing;
  }

  /** A copy of what changed, now considered being written. */
  DirtyBytes capture() {
    byte[] copy = Arrays.copyOfRange(bytes, dirtyFrom, dirtyTo);
    DirtyBytes captured = new DirtyBytes(offset + dirtyFrom, copy);
    dirtyFrom = 0;
    dirtyTo = 0;
    writing = true;
    return captured;
  }

  /** The captured bytes were written, or, if not, are to be written again. */
  void written(DirtyBytes captured, boolean success) {
    writing = false;
    if (!success) {
      int from = (int) (captured.offset() - offset);
      markDirty(from, from + captured.bytes().length);
    }
  }

  private int shift(int index) {
    return (index << order) & 7;
  }

  private int narrowMask() {
    return (1 << (1 << order)) - 1;
  }
}
