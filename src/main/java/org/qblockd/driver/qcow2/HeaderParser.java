// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Reads and checks a header; the order of the checks and their sentences are those of the
 * reference. Control lane, during open. Memory: at most one cluster.
 */
final class HeaderParser {
  private final ImageFile file;
  private final ByteBuffer fixed = ByteBuffer.allocate(Format.V3_HEADER_BYTES);
  private int version;
  private int clusterBits;
  private int headerLength;

  private HeaderParser(ImageFile file) {
    this.file = file;
  }

  /**
   * The header of the image in {@code file}, extensions and backing name included.
   *
   * @throws BlockException with QEMU's sentence for what is wrong
   */
  static Header parse(ImageFile file, boolean readOnly) throws BlockException {
    HeaderParser parser = new HeaderParser(file);
    Header header = parser.fixedPart();
    parser.checkFeatures(header, readOnly);
    checkTables(header);
    HeaderExtensions extensions = new HeaderExtensions(file, header, parser.extensionsEnd());
    extensions.read();
    checkSupported(header);
    parser.backingName(header);
    return header;
  }

  private Header fixedPart() throws BlockException {
    read(0, fixed, "Could not read qcow2 header");
    if (fixed.getInt(0) != Format.MAGIC) {
      throw BlockException.invalid("Image is not in qcow2 format");
    }
    version = fixed.getInt(4);
    if (version < 2 || version > 3) {
      throw BlockException.of(
          Errno.ENOTSUP, "Unsupported qcow2 version " + Integer.toUnsignedString(version));
    }
    clusterBits = fixed.getInt(20);
    if (clusterBits < Format.MIN_CLUSTER_BITS || clusterBits > Format.MAX_CLUSTER_BITS) {
      throw BlockException.invalid(
          "Unsupported cluster size: 2^" + Integer.toUnsignedString(clusterBits));
    }
    headerLength = checkedLength();
    byte[] unknown = new byte[Math.max(0, headerLength - Format.V3_HEADER_BYTES)];
    if (unknown.length > 0) {
      read(
          Format.V3_HEADER_BYTES, ByteBuffer.wrap(unknown), "Could not read unknown header fields");
    }
    long backingOffset = fixed.getLong(8);
    if (Long.compareUnsigned(backingOffset, 1L << clusterBits) > 0) {
      throw BlockException.invalid("Invalid backing file offset");
    }
    boolean v3 = version >= 3;
    boolean hasCompression = headerLength > Format.V3_MIN_HEADER_BYTES;
    Header header =
        new Header(
            version,
            clusterBits,
            v3 ? fixed.getInt(96) : 4,
            fixed.getInt(32),
            hasCompression ? fixed.get(104) & 0xff : 0,
            headerLength,
            unknown);
    fill(header);
    return header;
  }

  private int checkedLength() throws BlockException {
    int length = version >= 3 ? fixed.getInt(100) : Format.V2_HEADER_BYTES;
    if (version >= 3 && Integer.compareUnsigned(length, Format.V3_MIN_HEADER_BYTES) < 0) {
      throw BlockException.invalid("qcow2 header too short");
    }
    if (Integer.compareUnsigned(length, 1 << clusterBits) > 0) {
      throw BlockException.invalid("qcow2 header exceeds cluster size");
    }
    return length;
  }

  private void fill(Header header) {
    header.size = fixed.getLong(24);
    header.l1Size = fixed.getInt(36);
    header.l1Offset = fixed.getLong(40);
    header.refcountTableOffset = fixed.getLong(48);
    header.refcountTableClusters = fixed.getInt(56);
    header.snapshotCount = fixed.getInt(60);
    header.snapshotsOffset = fixed.getLong(64);
    if (header.version >= 3) {
      header.incompatible = fixed.getLong(72);
      header.compatible = fixed.getLong(80);
      header.autoclear = fixed.getLong(88);
    }
  }

  private long extensionsEnd() {
    long backingOffset = fixed.getLong(8);
    return backingOffset != 0 ? backingOffset : 1L << clusterBits;
  }

  private void checkFeatures(Header header, boolean readOnly) throws BlockException {
    checkCompressionType(header);
    long unknown = header.incompatible & ~Format.INCOMPATIBLE_KNOWN;
    if (unknown != 0) {
      throw FeatureNames.unsupported(
          new HeaderExtensions(file, header, extensionsEnd()).featureNames(), unknown);
    }
    if (header.is(Format.INCOMPATIBLE_CORRUPT) && !readOnly) {
      throw BlockException.of(Errno.EACCES, "qcow2: Image is corrupt; cannot be opened read/write");
    }
    if (Integer.compareUnsigned(header.refcountOrder, Format.MAX_REFCOUNT_ORDER) > 0) {
      throw BlockException.invalid("Reference count entry width too large; may not exceed 64 bits");
    }
    if (Integer.compareUnsigned(header.cryptMethod, 2) > 0) {
      throw BlockException.invalid(
          "Unsupported encryption method " + Integer.toUnsignedString(header.cryptMethod));
    }
    if (header.cryptMethod == 1) {
      throw BlockException.of(
          Errno.ENOSYS,
          "Use of AES-CBC encrypted qcow2 images is no longer supported in system emulators");
    }
  }

  private static void checkCompressionType(Header header) throws BlockException {
    int type = header.compressionType;
    if (type > 1) {
      throw BlockException.of(Errno.ENOTSUP, "qcow2: unknown compression type: " + type);
    }
    boolean bit = header.is(Format.INCOMPATIBLE_COMPRESSION);
    if (bit != (type != 0)) {
      throw BlockException.invalid(
          "qcow2: Compression type incompatible feature bit must"
              + (bit ? " not" : "")
              + " be set");
    }
  }

  private static void checkTables(Header header) throws BlockException {
    Geometry geometry = header.geometry();
    if (header.refcountTableClusters == 0) {
      throw BlockException.invalid("Image does not contain a reference count table");
    }
    checkTable(
        geometry,
        header.refcountTableOffset,
        header.refcountTableClusters,
        geometry.clusterSize(),
        Format.MAX_REFCOUNT_TABLE_BYTES,
        "Reference count table");
    checkTable(
        geometry,
        header.snapshotsOffset,
        header.snapshotCount,
        40,
        40L * Format.MAX_SNAPSHOTS,
        "Snapshot table");
    checkTable(geometry, header.l1Offset, header.l1Size, 8, Format.MAX_L1_BYTES, "Active L1 table");
    long needed = geometry.l1Entries(header.size);
    if (needed > Integer.MAX_VALUE) {
      throw BlockException.of(Errno.EFBIG, "Image is too big");
    }
    if (header.l1Size < needed) {
      throw BlockException.invalid("L1 table is too small");
    }
  }

  /** Size and place of a table; also used for the tables of snapshots. */
  static void checkTable(
      Geometry geometry, long offset, int entries, int entryBytes, long maxBytes, String name)
      throws BlockException {
    long count = Integer.toUnsignedLong(entries);
    if (count > maxBytes / entryBytes) {
      throw BlockException.of(Errno.EFBIG, name + " too large");
    }
    boolean tooFar = offset < 0 || Long.MAX_VALUE - count * entryBytes < offset;
    if (tooFar || !geometry.aligned(offset)) {
      throw BlockException.invalid(name + " offset invalid");
    }
  }

  private static void checkSupported(Header header) throws BlockException {
    boolean dataFile = header.is(Format.INCOMPATIBLE_DATA_FILE);
    if (!dataFile && (header.autoclear & Format.AUTOCLEAR_DATA_FILE_RAW) != 0) {
      throw BlockException.invalid("data-file-raw requires a data file");
    }
    if (header.cryptMethod == Header.LUKS && header.cryptoPlace == null) {
      throw BlockException.invalid("Missing CRYPTO header for crypt method " + header.cryptMethod);
    }
    long limit = Long.MAX_VALUE & -(1L << 30);
    if (Long.compareUnsigned(header.size, limit) > 0) {
      throw BlockException.of(
          Errno.EFBIG, "Could not refresh total sector count: " + Errno.EFBIG.text());
    }
  }

  private void backingName(Header header) throws BlockException {
    long offset = fixed.getLong(8);
    if (offset == 0) {
      return;
    }
    long length = Integer.toUnsignedLong(fixed.getInt(16));
    long room = (1L << clusterBits) - offset;
    if (length > Math.min(Format.MAX_BACKING_NAME_BYTES, room)) {
      throw BlockException.invalid("Backing file name too long");
    }
    byte[] name = new byte[(int) length];
    if (length > 0) {
      read(offset, ByteBuffer.wrap(name), "Could not read backing file name");
    }
    String text = new String(name, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    header.backingFile = end < 0 ? text : text.substring(0, end);
  }

  private void read(long offset, ByteBuffer into, String context) throws BlockException {
    try {
      file.read(offset, into);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), context);
    }
  }
}
