// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import java.util.function.Consumer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.Reopens;
import org.qblockd.block.StoresBitmaps;
import org.qblockd.qapi.types.BlockdevOptions;

/** A raw node with a side file that keeps its bitmaps. Threads as in {@link RawOps}. */
final class RawWithBitmaps extends RawOps implements StoresBitmaps, Reopens {
  private final BlockNode node;
  private final RawBitmaps bitmaps;
  private final Consumer<String> report;
  private boolean wasReadOnly;
  private boolean stored;
  private boolean nextReadOnly;

  RawWithBitmaps(
      BlockNode node,
      Child file,
      Child side,
      RawRange range,
      SectorGuard guard,
      boolean journaled,
      Consumer<String> report) {
    super(file, range, guard);
    this.node = node;
    this.report = report;
    this.bitmaps = new RawBitmaps(node, new BitmapFile(side), journaled, report);
    this.wasReadOnly = node.readOnly();
  }

  void loadBitmaps() throws BlockException {
    bitmaps.load(length());
  }

  @Override
  public void close() {
    if (wasReadOnly) {
      return;
    }
    try {
      bitmaps.store();
    } catch (BlockException failed) {
      report.accept(
          "Lost persistent bitmaps during inactivation of node '%s': %s"
              .formatted(node.displayName(), failed.message()));
    }
  }

  /** The side file is read, and written by nobody else. */
  @Override
  public Perms childPerms(Child child, Perms wanted) {
    if (!child.name().equals(RawDriver.BITMAP_FILE)) {
      return super.childPerms(child, wanted);
    }
    int used = Permission.CONSISTENT_READ;
    if (!node.readOnly()) {
      used |= Permission.WRITE | Permission.RESIZE;
    }
    return new Perms(used, Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED);
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    bitmaps.checkResize();
    super.resize(length, exact, preallocation, zeroNew);
  }

  @Override
  public void checkCanStore(String name, long granularity) throws BlockException {
    bitmaps.checkCanStore(name, granularity, length());
  }

  @Override
  public void removeStored(String name) throws BlockException {
    bitmaps.removeStored(name);
  }

  // ---- reopen ---------------------------------------------------------------------------------

  @Override
  public void prepareOptions(BlockdevOptions options, NodeOptions next) throws BlockException {
    super.prepareOptions(options, next);
    if (changesRange()) {
      abortOptions();
      throw BlockException.of(
          Errno.ENOTSUP,
          "Cannot change the range of '%s', which has a bitmap file".formatted(node.name()));
    }
  }

  @Override
  public void beforeOtherFile() throws BlockException {
    throw BlockException.of(
        Errno.ENOTSUP,
        "Cannot change the file of '%s', which has a bitmap file".formatted(node.name()));
  }

  @Override
  public void prepareReopen(NodeOptions next) throws BlockException {
    if (next.readOnly() && !wasReadOnly) {
      bitmaps.store();
      stored = true;
      bitmaps.setReadOnly(true);
    }
    nextReadOnly = next.readOnly();
  }

  @Override
  public void commitReopen() {
    stored = false;
  }

  @Override
  public void reopened() {
    boolean becomesWritable = wasReadOnly && !nextReadOnly;
    wasReadOnly = nextReadOnly;
    if (becomesWritable) {
      makeBitmapsWritable();
    }
  }

  @Override
  public void abortReopen() {
    nextReadOnly = wasReadOnly;
    if (stored) {
      stored = false;
      makeBitmapsWritable();
    }
  }

  private void makeBitmapsWritable() {
    try {
      bitmaps.becameWritable();
    } catch (BlockException failed) {
      report.accept(
          "%s: Failed to make dirty bitmaps writable: %s"
              .formatted(node.displayName(), failed.message()));
    }
  }
}
