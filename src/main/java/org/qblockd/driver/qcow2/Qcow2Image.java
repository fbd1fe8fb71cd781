// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * An open qcow2 image over any file: the parts, put together, and the requests that they serve.
 * Requests from any thread; open, close, header changes on the control lane.
 */
public final class Qcow2Image {
  private final ImageState image;
  private final RefcountTable refcounts;
  private final L2Cache l2;
  private final ClusterAllocator allocator;
  private final FreedClusters freed;
  private final WriteBack writeBack;
  private final ClusterMap map;
  private final ReadPath reader;
  private final WritePath writer;
  private final CompressedWrite compressedWriter;
  private final ZeroPath zeroes;
  private final Resizer resizer;
  private final SnapshotStore snapshots;
  private final DirtyMark dirtyMark;
  private final WriteGate gate;
  private final StoredBitmaps bitmaps;
  private volatile @Nullable Boolean sparseData;

  private Qcow2Image(ImageState image, List<Snapshot> snapshots) throws BlockException {
    this.image = image;
    L1Table l1 = new L1Table(image);
    refcounts = new RefcountTable(image);
    freed = new FreedClusters(image.epochs());
    dirtyMark = new DirtyMark(image, wantsLazyRefcounts(image));
    allocator = new ClusterAllocator(image, refcounts, freed, dirtyMark);
    l2 = new L2Cache(image, l1);
    writeBack = new WriteBack(image, refcounts, allocator, l1, l2, freed, dirtyMark);
    bitmaps = new StoredBitmaps(this, image, allocator, writeBack);
    map = new ClusterMap(image, l2);
    reader = new ReadPath(image, map);
    InFlight inFlight = new InFlight(image.lock());
    TableEditor tables = new TableEditor(image, l1, l2, allocator);
    CopyOnWrite copyOnWrite = new CopyOnWrite(image, reader);
    writer = new WritePath(image, map, tables, l2, allocator, inFlight, copyOnWrite);
    compressedWriter = new CompressedWrite(image, tables, l2, allocator, inFlight, writer);
    zeroes = new ZeroPath(image, tables, l2, l1, allocator, inFlight, reader);
    this.snapshots = new SnapshotStore(image, snapshots, refcounts, allocator, l1, l2, writeBack);
    gate = new WriteGate(image, l1, refcounts, this.snapshots, writeBack, dirtyMark);
    resizer = new Resizer(image, l1, l2, refcounts, allocator, writeBack, writer, zeroes);
  }

  private static boolean wantsLazyRefcounts(ImageState image) {
    Boolean option = image.options().lazyRefcounts();
    boolean header = (image.header().compatible & Format.COMPATIBLE_LAZY_REFCOUNTS) != 0;
    boolean wanted = option == null ? header : option;
    return wanted && image.header().version >= 3;
  }

  /**
   * Opens the image in {@code file}. A writable image that was not closed is repaired first.
   *
   * @throws BlockException with QEMU's sentence for what is wrong
   */
  public static Qcow2Image open(
      ImageFile file, BackingSource backing, OpenOptions options, CorruptionListener listener)
      throws BlockException {
    return open(GuestData.inImage(file), file, backing, options, listener);
  }

  /** The same for an image whose data lie elsewhere or are encrypted. */
  static Qcow2Image open(
      GuestData data,
      ImageFile file,
      BackingSource backing,
      OpenOptions options,
      CorruptionListener listener)
      throws BlockException {
    Header header = HeaderParser.parse(file, options.readOnly());
    if (header.is(Format.INCOMPATIBLE_DATA_FILE) && !data.external()) {
      throw BlockException.invalid("'data-file' is required for this image");
    }
    warnOfBitmaps(header, listener);
    Boolean lazy = options.lazyRefcounts();
    if (lazy != null && lazy && header.version < 3) {
      throw BlockException.invalid(
          "Lazy refcounts require a qcow2 image with at least qemu 1.1 compatibility level");
    }
    List<Snapshot> snapshots = SnapshotTable.read(file, header);
    AccessMode access = new AccessMode(options.readOnly());
    Corruption corruption = new Corruption(file, header, access, listener);
    OverlapChecks overlaps =
        new OverlapChecks(
            options.overlapChecks(),
            header,
            corruption,
            snapshots,
            SnapshotTable.bytes(file, header));
    ImageState state =
        new ImageState(
            file,
            data,
            backing,
            header,
            header.geometry(),
            new AtomicReference<>(options),
            access,
            corruption,
            overlaps,
            new RequestEpochs(),
            new ReentrantLock());
    Qcow2Image image = new Qcow2Image(state, snapshots);
    if (image.image.overlaps().wantsInactiveTables()) {
      image.fillInactiveTables();
    }
    if (!options.readOnly()) {
      image.gate.prepare();
    }
    return image;
  }

  private static void warnOfBitmaps(Header header, CorruptionListener listener) {
    if (header.staleBitmaps) {
      listener.warn(
          header.version < 3
              ? "This qcow2 v2 image contains bitmaps, but they may have been modified by a program"
                  + " without persistent bitmap support; so now they must all be considered"
                  + " inconsistent"
              : "a program lacking bitmap support modified this file, so all bitmaps are now"
                  + " considered inconsistent");
      listener.report(
          "Some clusters may be leaked, run 'qemu-img check -r' on the image file to fix.");
    }
  }

  private void fillInactiveTables() throws BlockException {
    image.overlaps().inactiveTables().fill(new long[0], 0);
    for (Snapshot snapshot : snapshots()) {
      ByteBuffer raw = snapshot.readL1(image);
      while (raw.hasRemaining()) {
        long table = raw.getLong() & Format.OFFSET_MASK;
        if (table != 0) {
          image.overlaps().inactiveTables().add(table);
        }
      }
    }
  }

  // ---- requests -------------------------------------------------------------------------------

  /** The length of the disk in bytes, a multiple of 512. */
  public long length() {
    return image.header().size & -512L;
  }

  /** Fills {@code into} with the guest bytes at {@code offset}. */
  public void read(long offset, ByteBuffer into) throws BlockException {
    image.corruption().checkUsable();
    long epoch = image.epochs().enter();
    try {
      reader.read(offset, into);
    } finally {
      image.epochs().exit(epoch);
    }
  }

  /** Writes all that remains in {@code from}. */
  public void write(long offset, ByteBuffer from) throws BlockException {
    beginWrite();
    long epoch = image.epochs().enter();
    try {
      writer.write(offset, from);
    } finally {
      image.epochs().exit(epoch);
    }
    writeBack.relieve();
  }

  /** Stores whole clusters compressed; see {@link CompressedWrite}. */
  public void writeCompressed(long offset, ByteBuffer from) throws BlockException {
    beginWrite();
    long epoch = image.epochs().enter();
    try {
      compressedWriter.write(offset, from, length());
    } finally {
      image.epochs().exit(epoch);
    }
    writeBack.relieve();
  }

  /** Makes the range read as zeroes by changing tables only; ENOTSUP where that is not possible. */
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    beginWrite();
    long epoch = image.epochs().enter();
    try {
      zeroes.writeZeroes(offset, bytes, flags);
    } finally {
      image.epochs().exit(epoch);
    }
    writeBack.relieve();
  }

  /** Gives the range back; ENOTSUP for parts of clusters. */
  public void discard(long offset, long bytes) throws BlockException {
    beginWrite();
    long epoch = image.epochs().enter();
    try {
      zeroes.discard(offset, bytes);
    } finally {
      image.epochs().exit(epoch);
    }
    writeBack.relieve();
  }

  /** Brings data and metadata to stable storage. */
  public void flush() throws BlockException {
    image.corruption().checkUsable();
    if (!image.access().readOnly()) {
      writeBack.flush();
    }
  }

  /** Where the bytes lie; for block status. */
  Mapping lookup(long offset, long bytes) throws BlockException {
    image.corruption().checkUsable();
    return map.lookup(offset, bytes);
  }

  /** Changes the length; see {@link org.qblockd.block.Resizes#resize}. */
  public void resize(long length, String preallocation, boolean zeroNew) throws BlockException {
    beginWrite();
    resizer.resize(length, preallocation, zeroNew);
  }

  /** Gives a new image, still without data, its LUKS header. */
  void encrypt(NewEncryption crypto) throws BlockException {
    beginWrite();
    long bytes = crypto.volume().header().payloadOffset();
    int clusters = (int) image.geometry().clusters(bytes);
    long offset;
    image.lock().lock();
    try {
      offset = allocator.allocateExactly(clusters, "encryption header");
    } finally {
      image.lock().unlock();
    }
    writeBack.settle();
    image.file().writeZeroes(offset, (long) clusters * image.geometry().clusterSize());
    crypto.volume().write(crypto.key(), new CryptoArea(image.file(), offset, bytes));
    image.header().cryptMethod = Header.LUKS;
    image.header().cryptoPlace = new Header.CryptoPlace(offset, bytes);
    image.rewriteHeader();
  }

  /** Drops all content: the backing file shows everywhere, or zeroes. No request is in flight. */
  public void makeEmpty() throws BlockException {
    beginWrite();
    image.file().event("empty_image_prepare");
    zeroes.unallocate(0, length(), true);
    writeBack.settle();
  }

  /** Checks that the image can be written, and makes it ready. */
  void beginWrite() throws BlockException {
    gate.pass();
  }

  // ---- the rest -------------------------------------------------------------------------------

  /**
   * Writes everything back and marks the image clean. No request is in flight.
   *
   * @throws BlockException when something could not be written; the image is released all the same
   */
  public void close() throws BlockException {
    if (image.access().readOnly() || image.corruption().unusable()) {
      return;
    }
    writeBack.settle();
    if (image.header().is(Format.INCOMPATIBLE_DIRTY)) {
      dirtyMark.clear();
    }
    image.file().flush();
  }

  /**
   * Lets the image be written, or not. No request is in flight; before it becomes read-only it must
   * have been closed by {@link #close}, and it can be used on.
   */
  void setReadOnly(boolean readOnly) {
    image.access().set(readOnly);
  }

  /** The image that the file holds now, opened in the same way; this one is closed. */
  Qcow2Image readAgain(CorruptionListener listener, boolean readOnly) throws BlockException {
    OpenOptions options = image.options().withReadOnly(readOnly);
    return open(image.data(), image.file(), image.backing(), options, listener);
  }

  /** Other options hold from now on; no request is in flight. */
  void setOptions(OpenOptions options) {
    image.openOptions().set(options);
    image.overlaps().setChecks(options.overlapChecks());
    dirtyMark.setLazyRefcounts(wantsLazyRefcounts(image));
  }

  boolean readOnly() {
    return image.access().readOnly();
  }

  /** Writes another backing file name and format into the header. */
  public void changeBackingFile(@Nullable String file, @Nullable String format)
      throws BlockException {
    beginWrite();
    Header header = image.header();
    String oldFile = header.backingFile;
    String oldFormat = header.backingFormat;
    header.backingFile = file;
    header.backingFormat = format;
    try {
      image.rewriteHeader();
    } catch (BlockException failed) {
      header.backingFile = oldFile;
      header.backingFormat = oldFormat;
      throw failed;
    }
  }

  Header header() {
    return image.header();
  }

  Geometry geometry() {
    return image.geometry();
  }

  ImageFile file() {
    return image.file();
  }

  GuestData data() {
    return image.data();
  }

  OpenOptions options() {
    return image.options();
  }

  Corruption corruption() {
    return image.corruption();
  }

  /** The dirty bitmaps that the image keeps. */
  StoredBitmaps bitmaps() {
    return bitmaps;
  }

  /** The internal snapshots that the image lists. */
  public List<Snapshot> snapshots() {
    return snapshots.list();
  }

  /** Takes a snapshot; no request is in flight. */
  public void createSnapshot(String name, long realtimeMicros, long vmClockNanos)
      throws BlockException {
    beginWrite();
    snapshots.create(name, realtimeMicros, vmClockNanos);
    snapshotsChanged();
  }

  /** Deletes a snapshot of the list; no request is in flight. */
  public void deleteSnapshot(Snapshot snapshot) throws BlockException {
    beginWrite();
    snapshots.delete(snapshot);
    snapshotsChanged();
  }

  private void snapshotsChanged() throws BlockException {
    if (image.overlaps().wantsInactiveTables()) {
      fillInactiveTables();
    }
  }

  /**
   * Whether data clusters may be holes in the file (metadata were preallocated), so that block
   * status must look there too; found out once.
   */
  boolean mayHoldHoles() throws BlockException {
    Boolean known = sparseData;
    if (known == null) {
      known = new HoleGuess(image, refcounts).mayHoldHoles();
      sparseData = known;
    }
    return known;
  }
}
