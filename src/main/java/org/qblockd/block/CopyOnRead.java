// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;

/**
 * Keeps in a node what is read through it from its backing file, so that it is read from there only
 * once. Any thread.
 */
public final class CopyOnRead {
  /** The longest piece that is copied at once, in bytes. */
  private static final int PIECE = 1 << 20;

  private final BlockNode node;
  private final Zeroing zeroing = new Zeroing(BufferPool.shared());

  private CopyOnRead(BlockNode node) {
    this.node = node;
  }

  /** From now on reads of this node copy; it must be writable. */
  public static void enable(BlockNode node) {
    node.io().copyOnRead = new CopyOnRead(node);
  }

  /**
   * Copies what a read of this range would take from below, widened to clusters. Requests that
   * overlap it wait, so that no write is overwritten by what was there before.
   *
   * @throws BlockException when the content cannot be read; a copy that cannot be stored is left
   *     out, as the reader need not care
   */
  void fill(NodeOps ops, long offset, long bytes) throws BlockException {
    fill(ops, offset, bytes, false);
  }

  /**
   * Stores in {@code node} what it shows from below in this range, widened to clusters: what a read
   * with copy on read would, for those who do not want the data.
   *
   * @throws BlockException when the content cannot be read or stored
   */
  static void copyUp(BlockNode node, long offset, long bytes) throws BlockException {
    new CopyOnRead(node).fill(node.ops(), offset, bytes, true);
  }

  private void fill(NodeOps ops, long offset, long bytes, boolean mustStore) throws BlockException {
    int cluster = cluster(ops);
    long start = Align.down(offset, cluster);
    long end = Math.min(Align.up(offset + bytes, cluster), ops.length());
    RequestTracker tracker = node.io().tracker();
    RequestTracker.Tracked request = tracker.begin(start, Math.max(end - start, 0), true);
    try {
      tracker.makeSerialising(request, cluster);
      boolean stores = true;
      for (long at = start; at < end && stores; ) {
        Extent extent = node.extentAt(at, Math.min(end - at, PIECE), false);
        if (extent.length() == 0) {
          return;
        }
        stores = extent.has(Extent.ALLOCATED) || copy(ops, at, (int) extent.length(), mustStore);
        at += extent.length();
      }
    } finally {
      tracker.end(request);
    }
  }

  private static int cluster(NodeOps ops) {
    int cluster = ops instanceof ReportsImageInfo image ? image.imageFacts().clusterSize() : 0;
    return Math.max(cluster, ops.limits().requestAlignment());
  }

  /** Whether the copy could be stored. */
  private boolean copy(NodeOps ops, long offset, int bytes, boolean mustStore)
      throws BlockException {
    int align = ops.limits().requestAlignment();
    int whole = (int) Align.up(bytes, align);
    try (PooledBuffer taken = BufferPool.get(whole)) {
      ByteBuffer data = taken.buffer().limit(whole);
      ops.read(offset, data, 0);
      return store(ops, offset, data.flip(), mustStore);
    }
  }

  private boolean store(NodeOps ops, long offset, ByteBuffer data, boolean mustStore)
      throws BlockException {
    int flags = Zeroing.driverFlags(ops, RequestFlags.WRITE_UNCHANGED);
    try {
      if (Zeroes.only(data)) {
        zeroing.write(ops, offset, data.remaining(), flags);
      } else {
        ops.write(offset, data, flags);
      }
      return true;
    } catch (BlockException full) {
      if (mustStore) {
        throw full;
      }
      // What was asked for can be read all the same: QEMU goes on, too.
      return false;
    }
  }
}
