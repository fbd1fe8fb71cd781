// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.bitmap;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BitmapJournal;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockDirtyBitmap;
import org.qblockd.qapi.types.BlockDirtyBitmapEpoch;

/**
 * {@code x-block-dirty-bitmap-rotate}: at one moment, for all disks or none, what bitmaps have
 * recorded becomes an epoch with a name, and they begin anew. Control lane.
 */
public final class EpochCommand {
  private final BlockGraph graph;
  private final BitmapCommands bitmaps;

  /** The command for the nodes of this graph. */
  public EpochCommand(BlockGraph graph, BitmapCommands bitmaps) {
    this.graph = graph;
    this.bitmaps = bitmaps;
  }

  /** Rotates the bitmaps; no write is under way meanwhile. */
  public List<BlockDirtyBitmapEpoch> rotate(String epoch, List<BlockDirtyBitmap> asked)
      throws QmpException, BlockException {
    if (epoch.isEmpty()) {
      throw QmpException.generic("Bitmap name cannot be empty");
    }
    List<BlockNode> drained = graph.drainAllBegin();
    try {
      List<BitmapCommands.Found> found = new ArrayList<>();
      for (BlockDirtyBitmap each : asked) {
        found.add(bitmaps.find(each.node(), each.name()));
      }
      List<BitmapCommands.Found> frozen = freezeAll(epoch, found);
      List<BlockDirtyBitmapEpoch> counts = new ArrayList<>();
      for (int i = 0; i < frozen.size(); i++) {
        found.get(i).bitmap().clearAll();
        DirtyBitmap bits = frozen.get(i).bitmap();
        counts.add(
            new BlockDirtyBitmapEpoch(
                asked.get(i).node(), epoch, bits.granularity(), bits.dirtyBytes()));
      }
      found.forEach(each -> BitmapJournal.changed(each.node()));
      return counts;
    } finally {
      graph.drainAllEnd(drained);
    }
  }

  private static List<BitmapCommands.Found> freezeAll(
      String epoch, List<BitmapCommands.Found> found) throws BlockException {
    List<BitmapCommands.Found> frozen = new ArrayList<>();
    try {
      for (BitmapCommands.Found each : found) {
        frozen.add(new BitmapCommands.Found(each.node(), freeze(epoch, each)));
      }
    } catch (BlockException refused) {
      frozen.forEach(made -> made.node().removeBitmap(made.bitmap()));
      throw refused;
    }
    return frozen;
  }

  /** A bitmap that does not record, with the bits of another. */
  private static DirtyBitmap freeze(String epoch, BitmapCommands.Found of) throws BlockException {
    DirtyBitmap source = of.bitmap();
    DirtyBitmaps.checkChangeable(source);
    if (source.persistent()) {
      DirtyBitmaps.checkCanStore(of.node(), epoch, source.granularity());
    }
    DirtyBitmap made = DirtyBitmaps.create(of.node(), epoch, source.granularity());
    made.setEnabled(false);
    made.setPersistent(source.persistent());
    made.restore(source.bits());
    return made;
  }
}
