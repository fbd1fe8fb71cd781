// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;

/**
 * A bitmap to export. Control lane.
 *
 * @param node the node that has it; null for the exported node or the first below it that does
 */
public record ExportedBitmap(@Nullable String node, String name) {
  DirtyBitmap find(BlockGraph graph, BlockNode exported, boolean writable) throws BlockException {
    BlockNode holder = exported;
    DirtyBitmap bitmap;
    if (node != null) {
      holder = named(graph, node);
      bitmap = DirtyBitmaps.find(holder, name);
      if (bitmap == null) {
        throw BlockException.invalid("Dirty bitmap '" + name + "' not found");
      }
    } else {
      bitmap = DirtyBitmaps.find(holder, name);
      for (Child below = holder.filteredOrBacking();
          bitmap == null && below != null;
          below = below.node().filteredOrBacking()) {
        bitmap = DirtyBitmaps.find(below.node(), name);
      }
      if (bitmap == null) {
        throw BlockException.invalid("Bitmap '" + name + "' is not found");
      }
      // Only here: a bitmap of a node that is named may go on recording, as in QEMU.
      if (!writable && !exported.readOnly() && bitmap.enabled()) {
        throw BlockException.invalid(
            "Enabled bitmap '" + name + "' incompatible with readonly export");
      }
    }
    DirtyBitmaps.checkReadable(bitmap);
    return bitmap;
  }

  private static BlockNode named(BlockGraph graph, String name) throws BlockException {
    try {
      return graph.lookup(name, name);
    } catch (BlockException unknown) {
      throw BlockException.invalid("Node '" + name + "' not found");
    }
  }
}
