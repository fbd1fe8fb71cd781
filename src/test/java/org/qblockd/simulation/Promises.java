// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;

/**
 * What a power cut may not take away: what the disk held when the client's last flush succeeded,
 * where nothing was written since, and in journaled bitmaps the bits of what was flushed. One test
 * thread.
 */
final class Promises {
  private static final int SECTOR = 512;

  /** A persistent bitmap of a node with a journal, and the bytes it must know of. */
  static final class Watched {
    final String node;
    final String name;
    final BitSet written = new BitSet();
    BitSet flushed = new BitSet();

    /** Whether the client has flushed since the bitmap was made. */
    boolean stored;

    Watched(String node, String name) {
      this.node = node;
      this.name = name;
    }

    private Watched copy() {
      Watched copy = new Watched(node, name);
      copy.stored = stored;
      copy.flushed = (BitSet) flushed.clone();
      return copy;
    }
  }

  private byte[] stable;
  private final BitSet loose;
  private final List<Watched> bitmaps;

  /** A disk that holds this, of which nothing is promised. */
  Promises(byte[] content) {
    this(content.clone(), new BitSet(), new ArrayList<>());
    loose.set(0, content.length);
  }

  private Promises(byte[] stable, BitSet loose, List<Watched> bitmaps) {
    this.stable = stable;
    this.loose = loose;
    this.bitmaps = bitmaps;
  }

  /** What is promised now; a copy. */
  Promises now() {
    List<Watched> all = bitmaps.stream().map(Watched::copy).toList();
    return new Promises(stable.clone(), (BitSet) loose.clone(), all);
  }

  void watch(String node, String name) {
    bitmaps.add(new Watched(node, name));
  }

  List<Watched> bitmaps() {
    return bitmaps;
  }

  /** A write of the client to the image {@code node} begins. */
  void writing(String node, int offset, int bytes) {
    loose.set(offset, offset + bytes);
    for (Watched bitmap : bitmaps) {
      if (bitmap.node.equals(node)) {
        bitmap.written.set(offset, offset + bytes);
      }
    }
  }

  /** A flush has succeeded; nothing was written since it began. */
  void flushed(byte[] content) {
    stable = content.clone();
    loose.clear();
    for (Watched bitmap : bitmaps) {
      bitmap.stored = true;
      bitmap.flushed = (BitSet) bitmap.written.clone();
    }
  }

  /**
   * Asserts that a disk that was found keeps the promises. Sectors that were written since are not
   * read: a quorum's images may differ there.
   */
  void check(BlockNode disk) throws BlockException {
    if (disk.length() < stable.length) {
      throw new AssertionError("after the power cut the disk has " + disk.length() + " bytes");
    }
    for (int at = 0; at < stable.length; at += SECTOR) {
      int end = Math.min(at + SECTOR, stable.length);
      int open = loose.nextSetBit(at);
      if (open < 0 || open >= end) {
        check(disk, at, end);
      }
    }
  }

  private void check(BlockNode disk, int at, int end) throws BlockException {
    byte[] found = new byte[end - at];
    disk.read(at, ByteBuffer.wrap(found), 0);
    int wrong = Arrays.mismatch(found, 0, found.length, stable, at, end);
    if (wrong >= 0) {
      throw new AssertionError(
          "after the power cut byte %d of %d is %d instead of %d"
              .formatted(at + wrong, stable.length, found[wrong], stable[at + wrong]));
    }
  }
}
