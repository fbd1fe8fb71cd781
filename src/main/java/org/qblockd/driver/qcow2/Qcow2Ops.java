// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Activates;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DefaultPerms;
import org.qblockd.block.Discards;
import org.qblockd.block.Empties;
import org.qblockd.block.Extent;
import org.qblockd.block.HasBackingFile;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Perms;
import org.qblockd.block.Reopens;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.RequestFlags;
import org.qblockd.block.Resizes;
import org.qblockd.block.StoresBitmaps;
import org.qblockd.block.WritesCompressed;
import org.qblockd.block.WritesZeroes;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.SectorCipher;
import org.qblockd.driver.FormatSpecific;
import org.qblockd.driver.ReopensOptions;
import org.qblockd.driver.TakesSnapshots;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.qapi.types.SnapshotInfo;

/**
 * A qcow2 node: an image, shown as the block layer wants it, and the facts that queries show.
 * Threads as in {@link NodeOps}.
 */
public final class Qcow2Ops
    implements NodeOps,
        WritesZeroes,
        Discards,
        ReportsExtents,
        Resizes,
        HasBackingFile,
        Empties,
        ReportsImageInfo,
        Reopens,
        StoresBitmaps,
        FormatSpecific,
        TakesSnapshots,
        ReopensOptions,
        WritesCompressed,
        Activates {
  private final BlockNode node;
  private final Child file;
  private final @Nullable Child dataFile;
  private final CorruptionListener listener;
  private volatile Qcow2Image image;
  private volatile PersistentBitmaps bitmaps;
  private volatile @Nullable LuksVolume volume;
  private final boolean journal;
  private boolean nextReadOnly;
  private boolean stored;
  private @Nullable OpenOptions nextOptions;

  Qcow2Ops(
      BlockNode node,
      Child file,
      @Nullable Child dataFile,
      Qcow2Image image,
      CorruptionListener listener,
      boolean journal) {
    this.node = node;
    this.file = file;
    this.dataFile = dataFile;
    this.image = image;
    this.listener = listener;
    this.journal = journal;
    this.bitmaps = bitmapsOf(image);
  }

  /** Keeps the volume whose cipher encrypts the image, or null. */
  void setVolume(@Nullable LuksVolume opened) {
    volume = opened;
  }

  /** The image, for creation, amending and replication. */
  public Qcow2Image image() {
    return image;
  }

  @Override
  public long length() {
    return image.length();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    image.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    if ((flags & RequestFlags.COMPRESSED) != 0) {
      image.writeCompressed(offset, from);
    } else {
      image.write(offset, from);
    }
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    image.writeZeroes(offset, bytes, flags);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    image.discard(offset, bytes);
  }

  @Override
  public void flush() throws BlockException {
    image.flush();
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    bitmaps.checkResize();
    image.resize(length, preallocation, zeroNew);
  }

  private boolean storeBitmaps() {
    try {
      bitmaps.store();
      return true;
    } catch (BlockException failed) {
      String what = "Lost persistent bitmaps during inactivation of node '";
      listener.report(what + node.displayName() + "': " + failed.message());
      return false;
    }
  }

  @Override
  public void close() {
    boolean unused = storeBitmaps();
    try {
      image.close();
    } catch (BlockException failed) {
      listener.tablesLost(failed.errno().text());
    }
  }

  @Override
  public Limits limits() {
    int clusterSize = image.geometry().clusterSize();
    int alignment = image.data().encrypted() ? SectorCipher.SECTOR_BYTES : 1;
    return new Limits(alignment, 0, image.geometry().subclusterSize(), 0, clusterSize, 0);
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return DefaultPerms.byRole(child, wanted, node.readOnly());
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    Mapping mapping = image.lookup(offset, bytes);
    return switch (mapping) {
      case Mapping.Data data -> placed(data.length(), Extent.DATA | holes(), data.hostOffset());
      case Mapping.Zero zero -> placed(zero.length(), Extent.ZERO, zero.hostOffset());
      case Mapping.Unallocated hole -> placed(hole.length(), 0, hole.hostOffset());
      case Mapping.Compressed compressed ->
          Extent.of(compressed.length(), Extent.DATA | Extent.COMPRESSED);
    };
  }

  private Extent placed(long length, int flags, long host) {
    Child data = dataFile == null ? file : dataFile;
    // What lies encrypted in the file is not what the guest sees.
    return host == Mapping.NOWHERE || image.data().encrypted()
        ? Extent.of(length, flags)
        : new Extent(length, flags | Extent.OFFSET_VALID, host, data.node());
  }

  private int holes() throws BlockException {
    return image.mayHoldHoles() && !image.data().encrypted() ? Extent.RECURSE : 0;
  }

  // ---- backing file ---------------------------------------------------------------------------

  @Override
  public @Nullable String backingFile() {
    return image.header().backingFile;
  }

  @Override
  public @Nullable String backingFormat() {
    return image.header().backingFormat;
  }

  @Override
  public void makeEmpty() throws BlockException {
    image.makeEmpty();
  }

  @Override
  public void changeBackingFile(@Nullable String name, @Nullable String format)
      throws BlockException {
    Format.checkBackingName(name);
    image.changeBackingFile(name, format);
  }

  // ---- facts ----------------------------------------------------------------------------------

  @Override
  public ImageFacts imageFacts() {
    boolean dirty = image.header().is(Format.INCOMPATIBLE_DIRTY);
    long stateOffset = image.geometry().stateOffset(image.header().size);
    return new ImageFacts(image.geometry().clusterSize(), dirty, stateOffset);
  }

  @Override
  public boolean encrypted() {
    return image.data().encrypted();
  }

  @Override
  public ImageInfoSpecific imageInfoSpecific() {
    return new SpecificFacts(image, bitmaps.entries(), volume).get();
  }

  /** {@code 0.10} for version 2, {@code 1.1} for version 3. */
  public String compat() {
    return image.header().version >= 3 ? "1.1" : "0.10";
  }

  /** Whether the header asks for lazy refcounts; shown for version 3 only. */
  public boolean lazyRefcounts() {
    return (image.header().compatible & Format.COMPATIBLE_LAZY_REFCOUNTS) != 0;
  }

  /** Whether the image is marked corrupt; shown for version 3 only. */
  public boolean corrupt() {
    return image.header().is(Format.INCOMPATIBLE_CORRUPT);
  }

  // ---- bitmaps --------------------------------------------------------------------------------

  private PersistentBitmaps bitmapsOf(Qcow2Image of) {
    return new PersistentBitmaps(node, of, journal ? listener::report : null);
  }

  void loadBitmaps() throws BlockException {
    bitmaps.load();
  }

  @Override
  public void checkCanStore(String name, long granularity) throws BlockException {
    bitmaps.checkCanStore(name, granularity);
  }

  @Override
  public void removeStored(String name) throws BlockException {
    bitmaps.removeStored(name);
  }

  @Override
  public boolean canHoldSnapshots() {
    return dataFile == null;
  }

  @Override
  public List<SnapshotInfo> snapshotInfos() {
    return image.snapshots().stream().map(Snapshot::info).toList();
  }

  @Override
  public void createSnapshot(String name, long realtimeMicros, long vmClockNanos)
      throws BlockException {
    image.createSnapshot(name, realtimeMicros, vmClockNanos);
  }

  @Override
  public void deleteSnapshot(SnapshotInfo snapshot) throws BlockException {
    image.deleteSnapshot(Snapshot.find(image.snapshots(), snapshot));
  }

  // ---- activation -----------------------------------------------------------------------------

  @Override
  public void inactivate() throws BlockException {
    if (image.readOnly()) {
      return;
    }
    if (!storeBitmaps()) {
      throw BlockException.io(Errno.EINVAL);
    }
    bitmaps.release();
    image.close();
    image.setReadOnly(true);
  }

  @Override
  public void activate() throws BlockException {
    readAgain(node.readOnly());
  }

  // ---- reopen ---------------------------------------------------------------------------------

  @Override
  public void prepareOptions(BlockdevOptions options, NodeOptions next) throws BlockException {
    if (!(options instanceof BlockdevOptions.Qcow2 qcow2)) {
      throw new IllegalArgumentException("options of another driver");
    }
    nextOptions = new DriverOptions(qcow2.data(), next, image.header()).resolve();
  }

  @Override
  public void commitOptions() {
    if (nextOptions != null) {
      image.setOptions(nextOptions);
    }
    nextOptions = null;
  }

  @Override
  public void abortOptions() {
    nextOptions = null;
  }

  @Override
  public void beforeOtherFile() throws BlockException {
    if (!image.readOnly()) {
      bitmaps.store();
    }
    image.close();
  }

  @Override
  public void afterOtherFile() throws BlockException {
    readAgain(image.readOnly());
  }

  private void readAgain(boolean readOnly) throws BlockException {
    image = image.readAgain(listener, readOnly);
    bitmaps = bitmapsOf(image);
    bitmaps.load();
  }

  @Override
  public void prepareReopen(NodeOptions next) throws BlockException {
    boolean readOnly = next.readOnly();
    if (readOnly && !image.readOnly()) {
      bitmaps.store();
      stored = true;
      bitmaps.setReadOnly(true);
      image.close();
    } else if (!readOnly && corrupt()) {
      throw BlockException.of(Errno.EACCES, "qcow2: Image is corrupt; cannot be opened read/write");
    }
    nextReadOnly = readOnly;
  }

  @Override
  public void commitReopen() {
    image.setReadOnly(nextReadOnly);
    stored = false;
  }

  @Override
  public void reopened() {
    if (!image.readOnly()) {
      makeBitmapsWritable();
    }
  }

  @Override
  public void abortReopen() {
    nextReadOnly = image.readOnly();
    if (stored) {
      stored = false;
      makeBitmapsWritable();
    }
  }

  private void makeBitmapsWritable() {
    try {
      bitmaps.becameWritable();
    } catch (BlockException failed) {
      listener.report(
          node.displayName() + ": Failed to make dirty bitmaps writable: " + failed.message());
    }
  }
}
