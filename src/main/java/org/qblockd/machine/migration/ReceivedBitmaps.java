// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.qapi.types.BitmapMigrationBitmapAlias;
import org.qblockd.qapi.types.BitmapMigrationBitmapAliasTransform;
import org.qblockd.qapi.types.BitmapMigrationNodeAlias;

/**
 * Bitmaps that have come by the stream. Each is on its node, but does not record before the machine
 * may run. Control lane, but for {@link #mark}.
 */
final class ReceivedBitmaps {
  /** As many as an image can keep. */
  private static final int MAX_BITMAPS = 65535;

  private record Waiting(BlockNode node, DirtyBitmap bitmap, boolean enabled) {}

  private final BlockGraph graph;
  private final @Nullable List<BitmapMigrationNodeAlias> mapping;
  private final List<Waiting> waiting = new ArrayList<>();
  private volatile @Nullable DirtyBitmap current;

  ReceivedBitmaps(BlockGraph graph, @Nullable List<BitmapMigrationNodeAlias> mapping) {
    this.graph = graph;
    this.mapping = mapping;
  }

  /** A bitmap begins; its runs follow. */
  void begin(Frame frame) throws StreamException, BlockException {
    String nodeAlias = frame.text();
    String alias = frame.text();
    int flags = frame.number();
    long granularity = frame.longNumber();
    long length = frame.longNumber();
    BlockNode node;
    String name = alias;
    boolean persistent = (flags & SentBitmap.PERSISTENT) != 0;
    if (mapping == null) {
      node = graph.lookup(nodeAlias, nodeAlias);
    } else {
      BitmapMigrationNodeAlias entry = BitmapMapping.ofAlias(mapping, nodeAlias);
      if (entry == null) {
        throw new StreamException("Unknown node alias '" + nodeAlias + "'");
      }
      node = graph.lookup(null, entry.nodeName());
      BitmapMigrationBitmapAlias found = BitmapMapping.bitmap(entry, alias, true);
      if (found == null) {
        throw new StreamException(
            "Unknown bitmap alias '%s' on node '%s' (alias '%s')"
                .formatted(alias, node.name(), nodeAlias));
      }
      name = found.name();
      persistent =
          found
              .transform()
              .flatMap(BitmapMigrationBitmapAliasTransform::persistent)
              .orElse(persistent);
    }
    check(node, name, granularity, length);
    DirtyBitmap bitmap = DirtyBitmaps.create(node, name, granularity);
    bitmap.setPersistent(persistent);
    bitmap.setEnabled(false);
    bitmap.setBusy(true);
    waiting.add(new Waiting(node, bitmap, (flags & SentBitmap.ENABLED) != 0));
    current = bitmap;
  }

  private void check(BlockNode node, String name, long granularity, long length)
      throws StreamException, BlockException {
    if (waiting.size() >= MAX_BITMAPS) {
      throw new StreamException("the stream has more than " + MAX_BITMAPS + " bitmaps");
    }
    if (DirtyBitmaps.find(node, name) != null) {
      throw new StreamException(
          "Bitmap with the same name ('%s') already exists on destination".formatted(name));
    }
    if (granularity < 512 || granularity > 1L << 31 || Long.bitCount(granularity) != 1) {
      throw new StreamException("the bitmap '" + name + "' has a granularity of " + granularity);
    }
    if (length != node.length()) {
      throw new StreamException(
          "the bitmap '%s' is for %d bytes, but node '%s' has %d"
              .formatted(name, length, node.name(), node.length()));
    }
  }

  /** Dirty runs of the bitmap that began last. */
  void mark(Frame frame) throws StreamException {
    DirtyBitmap bitmap = current;
    if (bitmap == null) {
      throw new StreamException("runs of no bitmap in the stream");
    }
    while (frame.payload().hasRemaining()) {
      long offset = frame.longNumber();
      long bytes = frame.longNumber();
      if (offset < 0 || bytes <= 0 || offset > bitmap.length() - bytes) {
        throw new StreamException("a run of the bitmap '" + bitmap.name() + "' is out of range");
      }
      bitmap.set(offset, bytes);
    }
  }

  /** The machine may run: they record what they are to record. */
  void release() {
    for (Waiting each : waiting) {
      each.bitmap.setBusy(false);
      each.bitmap.setEnabled(each.enabled);
    }
    waiting.clear();
  }

  /** The machine does not come. */
  void drop() {
    for (Waiting each : waiting) {
      each.node.removeBitmap(each.bitmap);
    }
    waiting.clear();
  }
}
