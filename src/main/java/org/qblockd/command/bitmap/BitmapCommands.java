// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.bitmap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BitmapJournal;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.block.StoresBitmaps;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockDirtyBitmapAdd;
import org.qblockd.qapi.types.BlockDirtyBitmapOrStr;

/**
 * The commands {@code block-dirty-bitmap-…}; each is done at once and can be undone, as a
 * transaction needs it. Control lane.
 */
public final class BitmapCommands {
  private final BlockGraph graph;

  /** A bitmap and the node that it belongs to. */
  public record Found(BlockNode node, DirtyBitmap bitmap) {}

  /** The commands for the nodes of this graph. */
  public BitmapCommands(BlockGraph graph) {
    this.graph = graph;
  }

  /** Finds the bitmap of a node. */
  public Found find(String nodeName, String name) throws QmpException {
    BlockNode node;
    try {
      node = graph.lookup(nodeName, nodeName);
    } catch (BlockException unknown) {
      throw QmpException.generic("Node '" + nodeName + "' not found");
    }
    return new Found(node, find(node, name));
  }

  private static DirtyBitmap find(BlockNode node, String name) throws QmpException {
    DirtyBitmap bitmap = DirtyBitmaps.find(node, name);
    if (bitmap == null) {
      throw QmpException.generic("Dirty bitmap '" + name + "' not found");
    }
    return bitmap;
  }

  /** The bitmap that is meant, by its name alone one of {@code node}. */
  DirtyBitmap find(BlockNode node, BlockDirtyBitmapOrStr meant) throws QmpException {
    return switch (meant) {
      case BlockDirtyBitmapOrStr.Local local -> find(node, local.value());
      case BlockDirtyBitmapOrStr.External external ->
          find(external.value().node(), external.value().name()).bitmap();
    };
  }

  /** {@code block-dirty-bitmap-add}. */
  public BitmapChange add(BlockDirtyBitmapAdd arguments) throws QmpException, BlockException {
    String name = arguments.name();
    if (name.isEmpty()) {
      throw QmpException.generic("Bitmap name cannot be empty");
    }
    BlockNode node = graph.lookup(arguments.node(), arguments.node());
    long granularity =
        arguments.granularity().isPresent()
            ? arguments.granularity().get()
            : DirtyBitmaps.usualGranularity(node);
    if (granularity < 512 || Long.bitCount(granularity) != 1) {
      throw QmpException.generic("Granularity must be power of 2 and at least 512");
    }
    boolean persistent = arguments.persistent().orElse(false);
    if (persistent) {
      DirtyBitmaps.checkCanStore(node, name, granularity);
    }
    DirtyBitmap bitmap = DirtyBitmaps.create(node, name, granularity);
    bitmap.setEnabled(!arguments.disabled().orElse(false));
    bitmap.setPersistent(persistent);
    BitmapJournal journal = persistent ? BitmapJournal.of(node) : null;
    if (journal != null) {
      settle(journal, node, bitmap);
    }
    return new BitmapChange() {
      @Override
      public void abort() {
        node.removeBitmap(bitmap);
        BitmapJournal.changed(node);
      }
    };
  }

  private static void settle(BitmapJournal journal, BlockNode node, DirtyBitmap added)
      throws BlockException {
    try {
      journal.settle();
    } catch (BlockException failed) {
      node.removeBitmap(added);
      throw failed.prefixed(
          "Can't make bitmap '%s' persistent in '%s': "
              .formatted(added.name(), node.displayName()));
    }
  }

  /** {@code block-dirty-bitmap-remove}; the stored bits go at once, the bitmap with commit. */
  public BitmapChange remove(String nodeName, String name) throws QmpException, BlockException {
    Found found = find(nodeName, name);
    DirtyBitmap bitmap = found.bitmap();
    DirtyBitmaps.checkRemovable(bitmap);
    StoresBitmaps image = found.node().capability(StoresBitmaps.class);
    if (bitmap.persistent() && image != null) {
      image.removeStored(name);
    }
    bitmap.setBusy(true);
    return new BitmapChange() {
      @Override
      public void commit() {
        bitmap.setBusy(false);
        found.node().removeBitmap(bitmap);
        BitmapJournal.changed(found.node());
      }

      @Override
      public void abort() {
        bitmap.setBusy(false);
      }
    };
  }

  /** {@code block-dirty-bitmap-clear}. */
  public BitmapChange clear(String nodeName, String name) throws QmpException, BlockException {
    Found found = find(nodeName, name);
    DirtyBitmap bitmap = found.bitmap();
    DirtyBitmaps.checkChangeable(bitmap);
    BitmapChange change = restoring(found);
    bitmap.clearAll();
    return change;
  }

  /** What is written between the change and its abort is recorded beside, so as not to be lost. */
  private static BitmapChange restoring(Found found) {
    DirtyBitmap bitmap = found.bitmap();
    DirtyBitmap meanwhile = new DirtyBitmap(null, bitmap.granularity(), bitmap.length());
    meanwhile.setEnabled(bitmap.enabled());
    found.node().addBitmap(meanwhile);
    long[] before = bitmap.bits();
    return new BitmapChange() {
      @Override
      public void commit() {
        found.node().removeBitmap(meanwhile);
        BitmapJournal.changed(found.node());
      }

      @Override
      public void abort() {
        bitmap.restore(before);
        bitmap.merge(meanwhile);
        found.node().removeBitmap(meanwhile);
        BitmapJournal.changed(found.node());
      }
    };
  }

  /** {@code block-dirty-bitmap-enable} and {@code block-dirty-bitmap-disable}. */
  public BitmapChange enable(String nodeName, String name, boolean enabled)
      throws QmpException, BlockException {
    Found found = find(nodeName, name);
    DirtyBitmap bitmap = found.bitmap();
    DirtyBitmaps.checkReadable(bitmap);
    boolean before = bitmap.enabled();
    bitmap.setEnabled(enabled);
    return new BitmapChange() {
      @Override
      public void commit() {
        BitmapJournal.changed(found.node());
      }

      @Override
      public void abort() {
        bitmap.setEnabled(before);
        BitmapJournal.changed(found.node());
      }
    };
  }

  /** {@code block-dirty-bitmap-merge}. */
  public BitmapChange merge(String nodeName, String target, List<BlockDirtyBitmapOrStr> sources)
      throws QmpException, BlockException {
    Found found = find(nodeName, target);
    BitmapChange change = restoring(found);
    try {
      for (BlockDirtyBitmapOrStr source : sources) {
        DirtyBitmaps.merge(found.bitmap(), find(found.node(), source));
      }
    } catch (QmpException | BlockException refused) {
      change.abort();
      throw refused;
    }
    return change;
  }

  /** {@code x-debug-block-dirty-bitmap-sha256}: the checksum over the words, in hexadecimal. */
  public String sha256(String nodeName, String name) throws QmpException {
    long[] bits = find(nodeName, name).bitmap().bits();
    ByteBuffer bytes = ByteBuffer.allocate(bits.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(bits);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
