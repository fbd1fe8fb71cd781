// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

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
      int compressionType) {
    /** Version 3 with 64 KiB clusters and 16-bit refcounts. */
    public static Options of(long size) {
      return new Options(size, 3, null, null, 65536, "off", false, 16, 0);
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
          compressionType);
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
          compressionType);
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
          compressionType);
    }
  }

  private Qcow2Creator() {}

  /**
   * Writes the image.
   *
   * @throws BlockException with QEMU's sentence for impossible options, or when writing fails
   */
  public static void create(ImageFile file, Options options) throws BlockException {
    check(options);
    Header header = header(options);
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
    Qcow2Image image =
        Qcow2Image.open(file, BackingSource.NONE, OpenOptions.DEFAULT, CorruptionListener.SILENT);
    try {
      image.resize(options.size(), options.preallocation(), false);
    } finally {
      image.close();
    }
  }

  private static Header header(Options options) {
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
    header.backingFile = options.backingFile();
    header.backingFormat = options.backingFormat();
    return header;
  }

  private static void check(Options options) throws BlockException {
    if ((options.size() & 511) != 0) {
      throw BlockException.invalid("Image size must be a multiple of 512 bytes");
    }
    long clusterSize = options.clusterSize();
    boolean power = Long.bitCount(clusterSize) == 1;
    if (!power || clusterSize < 512 || clusterSize > 2 << 20) {
      throw BlockException.invalid("Cluster size must be a power of two between 512 and 2048k");
    }
    String backing = options.backingFile();
    if (!options.preallocation().equals("off") && backing != null) {
      throw BlockException.invalid(
          "Backing file and preallocation can only be used at the same time if extended_l2 is"
              + " enabled");
    }
    if (options.backingFormat() != null && backing == null) {
      throw BlockException.invalid("Backing format cannot be used without backing file");
    }
    checkVersion(options);
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
    long l1Bytes =
        new Geometry(3, Long.numberOfTrailingZeros(clusterSize), 4).l1Entries(options.size()) * 8;
    if (l1Bytes > Format.MAX_L1_BYTES) {
      throw BlockException.of(
          Errno.EFBIG, "Could not resize image: Failed to grow the L1 table: File too large");
    }
  }

  private static void checkVersion(Options options) throws BlockException {
    boolean v2 = options.version() < 3;
    if (v2 && options.lazyRefcounts()) {
      throw BlockException.invalid(
          "Lazy refcounts only supported with compatibility level 1.1 and above (use version=v3"
              + " or greater)");
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
    if (v2 && options.compressionType() != 0) {
      throw BlockException.invalid(
          "Non-zlib compression type is only supported with compatibility level 1.1 and above"
              + " (use version=v3 or greater)");
    }
  }
}
