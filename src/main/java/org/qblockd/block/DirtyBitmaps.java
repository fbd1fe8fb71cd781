// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * What is done with the named bitmaps of nodes, and when it is refused. Control lane; where a
 * bitmap takes the place of another the node is drained, so that no write is missed.
 */
public final class DirtyBitmaps {
  /** The longest name, in bytes. */
  private static final int MAX_NAME_BYTES = 1023;

  private static final int MIN_GRANULARITY = 4096;
  private static final int USUAL_GRANULARITY = 65536;

  private DirtyBitmaps() {}

  /** The bitmap of this name, or null. */
  public static @Nullable DirtyBitmap find(BlockNode node, String name) {
    for (DirtyBitmap bitmap : node.bitmaps()) {
      if (name.equals(bitmap.name())) {
        return bitmap;
      }
    }
    return null;
  }

  /** The bytes per bit when nobody asks for another number. */
  public static long usualGranularity(BlockNode node) {
    BlockNode image = node;
    for (Child below = image.filtered(); below != null; below = image.filtered()) {
      image = below.node();
    }
    ReportsImageInfo info = image.capability(ReportsImageInfo.class);
    int cluster = info == null ? 0 : info.imageFacts().clusterSize();
    return cluster == 0 ? USUAL_GRANULARITY : Math.max(MIN_GRANULARITY, cluster);
  }

  /** Adds an empty bitmap, which records. */
  public static DirtyBitmap create(BlockNode node, String name, long granularity)
      throws BlockException {
    if (find(node, name) != null) {
      throw BlockException.invalid("Bitmap already exists: " + name);
    }
    if (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw BlockException.invalid("Bitmap name too long: " + name);
    }
    DirtyBitmap bitmap = new DirtyBitmap(name, granularity, length(node));
    node.addBitmap(bitmap);
    return bitmap;
  }

  private static long length(BlockNode node) throws BlockException {
    try {
      return node.length();
    } catch (BlockException unknown) {
      throw BlockException.withErrno(unknown.errno(), "could not get length of device");
    }
  }

  /** Checks that the node's image could keep one more bitmap. */
  public static void checkCanStore(BlockNode node, String name, long granularity)
      throws BlockException {
    StoresBitmaps image = node.capability(StoresBitmaps.class);
    if (image == null) {
      throw BlockException.withErrno(
          Errno.ENOTSUP, "Can't store persistent bitmaps to " + node.displayName());
    }
    image.checkCanStore(name, granularity);
  }

  // ---- checks ---------------------------------------------------------------------------------

  /** Refuses a bitmap that a job or an export uses. */
  public static void checkNotBusy(DirtyBitmap bitmap) throws BlockException {
    if (bitmap.busy()) {
      throw refused(bitmap, "is currently in use by another operation and cannot be used");
    }
  }

  private static void checkNotReadOnly(DirtyBitmap bitmap) throws BlockException {
    if (bitmap.readOnly()) {
      throw refused(bitmap, "is readonly and cannot be modified");
    }
  }

  /** Refuses a bitmap whose bits are not known. */
  public static void checkConsistent(DirtyBitmap bitmap) throws BlockException {
    if (bitmap.inconsistent()) {
      throw refused(bitmap, "is inconsistent and cannot be used")
          .hinted("Try block-dirty-bitmap-remove to delete this bitmap from disk\n");
    }
  }

  /** Refuses a bitmap whose bits cannot be used; they need not be changeable. */
  public static void checkReadable(DirtyBitmap bitmap) throws BlockException {
    checkNotBusy(bitmap);
    checkConsistent(bitmap);
  }

  /** Refuses a bitmap whose bits cannot be changed. */
  public static void checkChangeable(DirtyBitmap bitmap) throws BlockException {
    checkNotBusy(bitmap);
    checkNotReadOnly(bitmap);
    checkConsistent(bitmap);
  }

  /** Refuses a bitmap that must not go. */
  public static void checkRemovable(DirtyBitmap bitmap) throws BlockException {
    checkNotBusy(bitmap);
    checkNotReadOnly(bitmap);
  }

  private static BlockException refused(DirtyBitmap bitmap, String why) {
    return BlockException.invalid("Bitmap '" + bitmap.name() + "' " + why);
  }

  // ---- bits -----------------------------------------------------------------------------------

  /** Adds the bits of {@code source} to {@code target}, after all checks. */
  public static void merge(DirtyBitmap target, DirtyBitmap source) throws BlockException {
    checkChangeable(target);
    checkReadable(source);
    if (target.length() != source.length()) {
      throw BlockException.invalid(
          "Bitmaps are of different sizes (destination size is "
              + target.length()
              + ", source size is "
              + source.length()
              + ") and can't be merged");
    }
    target.merge(source);
  }

  // ---- successors -----------------------------------------------------------------------------

  /** Freezes a bitmap for a job: another one records from now on, if this one did. */
  public static void createSuccessor(BlockNode node, DirtyBitmap bitmap) throws BlockException {
    checkNotBusy(bitmap);
    DirtyBitmap successor = new DirtyBitmap(null, bitmap.granularity(), bitmap.length());
    successor.setEnabled(bitmap.enabled());
    node.addBitmap(successor);
    bitmap.setEnabled(false);
    bitmap.setSuccessor(successor);
    bitmap.setBusy(true);
  }

  /** The successor takes the bitmap's place, whose bits are no longer needed. */
  public static DirtyBitmap abdicate(BlockNode node, DirtyBitmap bitmap) {
    DirtyBitmap successor = successorOf(bitmap);
    String name = bitmap.name();
    successor.setPersistent(bitmap.persistent());
    bitmap.setPersistent(false);
    bitmap.rename(null);
    successor.rename(name);
    bitmap.setBusy(false);
    bitmap.setSuccessor(null);
    node.removeBitmap(bitmap);
    return successor;
  }

  /** The bitmap is used again, with what its successor has recorded. */
  public static DirtyBitmap reclaim(BlockNode node, DirtyBitmap bitmap) {
    DirtyBitmap successor = successorOf(bitmap);
    // First records, then takes over: what is written meanwhile is in one of them; see NodeIo.
    bitmap.setEnabled(successor.enabled());
    bitmap.merge(successor);
    bitmap.setBusy(false);
    bitmap.setSuccessor(null);
    node.removeBitmap(successor);
    return bitmap;
  }

  private static DirtyBitmap successorOf(DirtyBitmap bitmap) {
    DirtyBitmap successor = bitmap.successor();
    if (successor == null) {
      throw new IllegalStateException("no successor of " + bitmap.name());
    }
    return successor;
  }
}
