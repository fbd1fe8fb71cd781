// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.NodeLengths;

/**
 * Makes a new image in an empty file: the same structures at the same places as the reference
 * makes. Control lane or a job's thread; the file must not be in use.
 */
public final class Qcow2Creator {
  /**
   * What to make.
   *
   * @param size the disk's length in bytes, a multiple of 512
   * @param version 2 or 3
   * @param backingFile the name to write into the header
   * @param clusterSize bytes, a power of two from 512 to 2 MiB
   * @param preallocation off, metadata, falloc or full
   * @param refcountBits 1, 2, 4, … 64
   * @param compressionType 0 for zlib, 1 for zstd
   * @param extendedL2 whether subclusters are allocated by themselves
   * @param dataFileRaw whether the data file alone must show what the guest sees
   */
  public record Options(
      long size,
      int version,
      @Nullable String backingFile,
      @Nullable String backingFormat,
      long clusterSize,
      String preallocation,
      boolean lazyRefcounts,
      long refcountBits,
      int compressionType,
      boolean extendedL2,
      boolean dataFileRaw) {
    /** Version 3 with 64 KiB clusters and 16-bit refcounts. */
    public static Options of(long size) {
      return new Options(size, 3, null, null, 65536, "off", false, 16, 0, false, false);
    }

    /** The same with a backing file. */
    public Options withBacking(String file, String format) {
      return new Options(
          size,
          version,
          file,
          format,
          clusterSize,
          preallocation,
          lazyRefcounts,
          refcountBits,
          compressionType,
          extendedL2,
          dataFileRaw);
    }

    /** The same with other sizes of clusters and refcounts. */
    public Options withLayout(int newVersion, int newClusterSize, int newRefcountBits) {
      return new Options(
          size,
          newVersion,
          backingFile,
          backingFormat,
          newClusterSize,
          preallocation,
          lazyRefcounts,
          newRefcountBits,
          compressionType,
          extendedL2,
          dataFileRaw);
    }

    /** The same with another kind of preallocation. */
    public Options withPreallocation(String kind) {
      return new Options(
          size,
          version,
          backingFile,
          backingFormat,
          clusterSize,
          kind,
          lazyRefcounts,
          refcountBits,
          compressionType,
          extendedL2,
          dataFileRaw);
    }

    /** The same with extended L2 entries, and with a data file that is raw or not. */
    public Options withFeatures(boolean subclusters, boolean raw) {
      return new Options(
          size,
          version,
          backingFile,
          backingFormat,
          clusterSize,
          preallocation,
          lazyRefcounts,
          refcountBits,
          compressionType,
          subclusters,
          raw);
    }
  }

  /**
   * The file for the guest's data, apart from the image.
   *
   * @param name what the image calls it
   */
  public record DataFile(ImageFile file, String name) {}

  private static final long MIN_EXTENDED_CLUSTER = 16384;

  private Qcow2Creator() {}

  /**
   * Writes the image.
   *
   * @throws BlockException with QEMU's sentence for impossible options, or when writing fails
   */
  public static void create(ImageFile file, Options options) throws BlockException {
    check(options, false);
    write(file, null, null, options);
  }

  /** Writes an image that has been checked; see {@link #check}. */
  static void write(
      ImageFile file, @Nullable DataFile dataFile, @Nullable NewEncryption crypto, Options options)
      throws BlockException {
    Header header = header(options, dataFile);
    ByteBuffer encoded = HeaderWriter.encode(header);
    int clusterSize = (int) options.clusterSize();
    ByteBuffer tables = ByteBuffer.allocate(2 * clusterSize);
    tables.putLong(0, header.refcountTableOffset + clusterSize);
    byte[] block = new byte[clusterSize];
    RefcountBlock counts = new RefcountBlock(0, block, header.refcountOrder);
    for (int i = 0; i < 3; i++) {
      counts.set(i, 1);
    }
    tables.put(clusterSize, block);
    try {
      file.write(0, encoded);
      file.write(header.refcountTableOffset, tables);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Could not write qcow2 header");
    }
    GuestData data =
        dataFile == null
            ? GuestData.inImage(file)
            : new GuestData(dataFile.file(), true, options.dataFileRaw(), null, false);
    Qcow2Image image =
        Qcow2Image.open(
            data, file, BackingSource.NONE, OpenOptions.DEFAULT, CorruptionListener.SILENT);
    try {
      boolean raw = options.dataFileRaw() && options.preallocation().equals("off");
      image.resize(options.size(), raw ? "metadata" : options.preallocation(), false);
      if (crypto != null) {
        image.encrypt(crypto);
      }
    } finally {
      image.close();
    }
  }

  private static Header header(Options options, @Nullable DataFile dataFile) {
    Header header =
        new Header(
            options.version(),
            Long.numberOfTrailingZeros(options.clusterSize()),
            Long.numberOfTrailingZeros(options.refcountBits()),
            0,
            options.compressionType(),
            Format.V3_HEADER_BYTES,
            new byte[0]);
    header.refcountTableOffset = options.clusterSize();
    header.refcountTableClusters = 1;
    header.compatible = options.lazyRefcounts() ? Format.COMPATIBLE_LAZY_REFCOUNTS : 0;
    header.incompatible = options.compressionType() != 0 ? Format.INCOMPATIBLE_COMPRESSION : 0;
    header.incompatible |= options.extendedL2() ? Format.INCOMPATIBLE_EXTENDED_L2 : 0;
    header.incompatible |= dataFile != null ? Format.INCOMPATIBLE_DATA_FILE : 0;
    header.autoclear = options.dataFileRaw() ? Format.AUTOCLEAR_DATA_FILE_RAW : 0;
    header.dataFile = dataFile == null ? null : dataFile.name();
    header.backingFile = options.backingFile();
    header.backingFormat = options.backingFormat();
    return header;
  }

  /** The checks before anything is written, with QEMU's sentences and in its order. */
  static void check(Options options, boolean dataFile) throws BlockException {
    if ((options.size() & 511) != 0) {
      throw BlockException.invalid("Image size must be a multiple of 512 bytes");
    }
    long clusterSize = options.clusterSize();
    boolean power = Long.bitCount(clusterSize) == 1;
    if (!power || clusterSize < 512 || clusterSize > 2 << 20) {
      throw BlockException.invalid("Cluster size must be a power of two between 512 and 2048k");
    }
    checkExtended(options);
    String backing = options.backingFile();
    if (!options.preallocation().equals("off") && backing != null && !options.extendedL2()) {
      throw BlockException.invalid(
          "Backing file and preallocation can only be used at the same time if extended_l2 is on");
    }
    if (options.backingFormat() != null && backing == null) {
      throw BlockException.invalid("Backing format cannot be used without backing file");
    }
    checkVersion(options);
    checkDataFile(options, dataFile);
    if (backing != null
        && backing.getBytes(StandardCharsets.UTF_8).length > Format.MAX_BACKING_NAME_BYTES) {
      throw BlockException.withErrno(
          Errno.EINVAL,
          "Could not assign backing file '"
              + backing
              + "' with format '"
              + options.backingFormat()
              + "'");
    }
    checkLength(options.size());
    int bits = Long.numberOfTrailingZeros(clusterSize);
    Geometry geometry = new Geometry(3, bits, 4, options.extendedL2(), dataFile);
    if (geometry.l1Entries(options.size()) * 8 > Format.MAX_L1_BYTES) {
      throw BlockException.of(
          Errno.EFBIG, "Could not resize image: Failed to grow the L1 table: File too large");
    }
  }

  /** A size beyond what a length can be is negative by now. */
  private static void checkLength(long size) throws BlockException {
    try {
      NodeLengths.check(size);
    } catch (BlockException impossible) {
      throw impossible.prefixed("Could not resize image: ");
    }
  }

  private static void checkExtended(Options options) throws BlockException {
    if (!options.extendedL2()) {
      return;
    }
    if (options.clusterSize() < MIN_EXTENDED_CLUSTER) {
      throw BlockException.invalid(
          "Extended L2 entries are only supported with cluster sizes of at least "
              + MIN_EXTENDED_CLUSTER
              + " bytes");
    }
    if (options.version() < 3) {
      throw tooOld("Extended L2 entries are only supported");
    }
  }

  private static BlockException tooOld(String what) {
    return BlockException.invalid(
        what + " with compatibility level 1.1 and above (use version=v3 or greater)");
  }

  private static void checkDataFile(Options options, boolean dataFile) throws BlockException {
    if (options.dataFileRaw() && !dataFile) {
      throw BlockException.invalid("data-file-raw requires data-file");
    }
    if (options.dataFileRaw() && options.backingFile() != null) {
      throw BlockException.invalid(
          "Backing file and data-file-raw cannot be used at the same time");
    }
    if (dataFile && options.version() < 3) {
      throw tooOld("External data files are only supported");
    }
    if (options.version() < 3 && options.compressionType() != 0) {
      throw tooOld("Non-zlib compression type is only supported");
    }
  }

  private static void checkVersion(Options options) throws BlockException {
    boolean v2 = options.version() < 3;
    if (v2 && options.lazyRefcounts()) {
      throw tooOld("Lazy refcounts only supported");
    }
    long bits = options.refcountBits();
    if (Long.bitCount(bits) != 1 || bits > 64 || bits < 0) {
      throw BlockException.invalid(
          "Refcount width must be a power of two and may not exceed 64 bits");
    }
    if (v2 && bits != 16) {
      throw BlockException.invalid(
          "Different refcount widths than 16 bits require compatibility level 1.1 or above (use"
              + " version=v3 or greater)");
    }
  }
}
