// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;
import org.qblockd.base.BlockException;

/** The active L1 table. Lookups from any thread; changes under the metadata lock. */
final class L1Table {
  private final ImageState image;
  private volatile AtomicLongArray entries;
  private final BitSet dirty = new BitSet();

  L1Table(ImageState image) throws BlockException {
    this.image = image;
    Header header = image.header();
    ByteBuffer raw = ByteBuffer.allocate(header.l1Size * 8);
    if (raw.capacity() > 0) {
      try {
        image.file().read(header.l1Offset, raw);
      } catch (BlockException failed) {
        throw BlockException.withErrno(failed.errno(), "Could not read L1 table");
      }
    }
    long[] values = new long[header.l1Size];
    raw.clear().asLongBuffer().get(values);
    entries = new AtomicLongArray(values);
    image.overlaps().activeTables().fill(values, Format.OFFSET_MASK);
  }

  int size() {
    return entries.length();
  }

  long get(int index) {
    AtomicLongArray current = entries;
    return index < current.length() ? current.get(index) : 0;
  }

  /** Where the L2 table of an entry lies, 0 if there is none. */
  long tableOffset(int index) throws BlockException {
    long offset = get(index) & Format.OFFSET_MASK;
    if (!image.geometry().aligned(offset)) {
      throw image
          .corruption()
          .fatal(
              "L2 table offset "
                  + Corruption.hex(offset)
                  + " unaligned (L1 index: "
                  + Corruption.hex(index)
                  + ")");
    }
    return offset;
  }

  /** Whether an L2 table is there and no snapshot shares it. */
  boolean ownTable(int index) {
    long entry = get(index);
    return (entry & Format.COPIED) != 0 && (entry & Format.OFFSET_MASK) != 0;
  }

  void set(int index, long entry) {
    long old = get(index) & Format.OFFSET_MASK;
    long offset = entry & Format.OFFSET_MASK;
    if (old != 0) {
      image.overlaps().activeTables().remove(old);
    }
    if (offset != 0) {
      image.overlaps().activeTables().add(offset);
    }
    entries.set(index, entry);
    dirty.set(index);
  }

  /** Replaces the table by one of another size; the caller has written it. */
  void replace(long[] values) {
    entries = new AtomicLongArray(values);
    dirty.clear();
    image.overlaps().activeTables().fill(values, Format.OFFSET_MASK);
  }

  /** A copy of the entries, extended by zeroes or cut to {@code size}. */
  long[] copy(int size) {
    long[] values = new long[size];
    AtomicLongArray current = entries;
    for (int i = 0; i < Math.min(size, current.length()); i++) {
      values[i] = current.get(i);
    }
    return values;
  }

  boolean isDirty() {
    return !dirty.isEmpty();
  }

  /** The changed entries by index, now considered written. */
  BitSet takeDirty() {
    BitSet taken = (BitSet) dirty.clone();
    dirty.clear();
    return taken;
  }

  void redo(BitSet indexes) {
    dirty.or(indexes);
  }
}
