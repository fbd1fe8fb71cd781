// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.types.BitmapMigrationBitmapAlias;
import org.qblockd.qapi.types.BitmapMigrationBitmapAliasTransform;
import org.qblockd.qapi.types.BitmapMigrationNodeAlias;

/**
 * A dirty bitmap that moves, and its names in the stream. Chosen on the control lane, written on
 * the migration's thread, when the bitmap does not change any more.
 */
record SentBitmap(DirtyBitmap bitmap, String nodeAlias, String alias, boolean persistent) {
  /** Bits of the flags in the stream. */
  static final int ENABLED = 1;

  static final int PERSISTENT = 2;

  private static final int RUN_BYTES = 16;
  private static final int RUNS_PER_FRAME = Frame.MAX_PAYLOAD / RUN_BYTES;

  /**
   * The bitmaps of all nodes, or those that the mapping names.
   *
   * @throws BlockException when one cannot move
   */
  static List<SentBitmap> choose(BlockGraph graph, @Nullable List<BitmapMigrationNodeAlias> mapping)
      throws BlockException {
    List<SentBitmap> chosen = new ArrayList<>();
    for (BlockNode node : graph.nodes()) {
      List<DirtyBitmap> named = new ArrayList<>();
      for (DirtyBitmap bitmap : node.bitmaps()) {
        if (bitmap.name() != null) {
          named.add(bitmap);
        }
      }
      if (!named.isEmpty()) {
        if (mapping == null) {
          chooseAll(graph, node, named, chosen);
        } else {
          chooseMapped(BitmapMapping.ofNode(mapping, node.name()), node, named, chosen);
        }
      }
    }
    for (SentBitmap each : chosen) {
      each.bitmap.setSkipStore(true);
    }
    return chosen;
  }

  private static void chooseAll(
      BlockGraph graph, BlockNode node, List<DirtyBitmap> named, List<SentBitmap> chosen)
      throws BlockException {
    String alias = deviceOver(graph, node);
    if (alias == null) {
      alias = node.name();
    }
    if (alias.startsWith("#")) {
      throw BlockException.invalid(
          "Bitmap '" + named.getFirst().name() + "' in a node without a name cannot be migrated");
    }
    for (DirtyBitmap bitmap : named) {
      String name = String.valueOf(bitmap.name());
      check(node, bitmap);
      chosen.add(new SentBitmap(bitmap, alias, name, bitmap.persistent()));
    }
  }

  private static @Nullable String deviceOver(BlockGraph graph, BlockNode node) {
    for (BlockBackend backend : graph.backends()) {
      BlockNode root = backend.node();
      if (root != null && !backend.name().isEmpty() && Nodes.skipImplicit(root) == node) {
        return backend.name();
      }
    }
    return null;
  }

  private static void chooseMapped(
      @Nullable BitmapMigrationNodeAlias entry,
      BlockNode node,
      List<DirtyBitmap> named,
      List<SentBitmap> chosen)
      throws BlockException {
    if (entry == null) {
      return;
    }
    for (DirtyBitmap bitmap : named) {
      BitmapMigrationBitmapAlias alias =
          BitmapMapping.bitmap(entry, String.valueOf(bitmap.name()), false);
      if (alias != null) {
        check(node, bitmap);
        Optional<Boolean> other =
            alias.transform().flatMap(BitmapMigrationBitmapAliasTransform::persistent);
        boolean persistent = other.orElse(bitmap.persistent());
        chosen.add(new SentBitmap(bitmap, entry.alias(), alias.alias(), persistent));
      }
    }
  }

  private static void check(BlockNode node, DirtyBitmap bitmap) throws BlockException {
    try {
      DirtyBitmaps.checkChangeable(bitmap);
    } catch (BlockException refused) {
      throw refused.prefixed("Cannot migrate bitmaps of node '" + node.name() + "': ");
    }
  }

  /** Writes the bitmap: what it is, then its dirty runs. */
  void write(MigrationStream stream) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(2 * (2 + Frame.MAX_TEXT) + 20);
    Frame.putText(head, nodeAlias);
    Frame.putText(head, alias);
    int flags = (bitmap.enabled() ? ENABLED : 0) | (persistent ? PERSISTENT : 0);
    ByteBuffer unused =
        head.putInt(flags).putLong(bitmap.granularity()).putLong(bitmap.length()).flip();
    stream.write(new Frame(FrameType.BITMAP, head));
    long at = bitmap.nextDirty(0);
    while (at >= 0 && at < bitmap.length()) {
      ByteBuffer runs = ByteBuffer.allocate(RUNS_PER_FRAME * RUN_BYTES);
      while (at >= 0 && at < bitmap.length() && runs.hasRemaining()) {
        long end = bitmap.nextClean(at);
        end = end < 0 ? bitmap.length() : Math.min(end, bitmap.length());
        runs.putLong(at).putLong(end - at);
        at = end >= bitmap.length() ? -1 : bitmap.nextDirty(end);
      }
      stream.write(new Frame(FrameType.BITMAP_RUNS, runs.flip()));
    }
  }
}
