// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The image header with its extensions, as last read or written. Made by {@link HeaderParser} or
 * the creator; afterwards every change is made under the image's metadata lock, beside the write
 * that brings it to disk. Source: qcow2 specification, "Header" and "Header extensions".
 */
final class Header {
  /** An extension that is kept but not interpreted. */
  static final class Extension {
    private final int type;
    private final byte[] data;

    Extension(int type, byte[] data) {
      this.type = type;
      this.data = data;
    }

    int type() {
      return type;
    }

    byte[] data() {
      return data;
    }
  }

  /** The body of the extension "Full disk encryption header pointer": bytes. */
  record CryptoPlace(long offset, long length) {}

  /** Crypt methods. */
  static final int NO_ENCRYPTION = 0;

  static final int LEGACY_AES = 1;
  static final int LUKS = 2;

  final int version;
  final int clusterBits;
  final int refcountOrder;
  volatile int cryptMethod;
  final int compressionType;

  /** The header's length in bytes as it stood in the image. */
  final int headerLength;

  /** Header bytes beyond those known here; written back unchanged. */
  final byte[] unknownFields;

  volatile long size;
  volatile int l1Size;
  volatile long l1Offset;
  volatile long refcountTableOffset;
  volatile int refcountTableClusters;
  volatile int snapshotCount;
  volatile long snapshotsOffset;
  volatile long incompatible;
  volatile long compatible;
  volatile long autoclear;
  volatile @Nullable String backingFile;
  volatile @Nullable String backingFormat;

  /** Whether there is a bitmaps extension that an ignorant writer left behind. */
  volatile boolean staleBitmaps;

  /** The bitmaps extension's body, or null. */
  volatile byte @Nullable [] bitmapsExtension;

  /** The data file's name as the image has it, or null. */
  volatile @Nullable String dataFile;

  /** Where the LUKS header lies, or null. */
  volatile @Nullable CryptoPlace cryptoPlace;

  /** Extensions of unknown type, in their order. */
  volatile List<Extension> unknownExtensions = List.of();

  Header(
      int version,
      int clusterBits,
      int refcountOrder,
      int cryptMethod,
      int compressionType,
      int headerLength,
      byte[] unknownFields) {
    this.version = version;
    this.clusterBits = clusterBits;
    this.refcountOrder = refcountOrder;
    this.cryptMethod = cryptMethod;
    this.compressionType = compressionType;
    this.headerLength = headerLength;
    this.unknownFields = unknownFields;
  }

  Geometry geometry() {
    return new Geometry(
        version,
        clusterBits,
        refcountOrder,
        is(Format.INCOMPATIBLE_EXTENDED_L2),
        is(Format.INCOMPATIBLE_DATA_FILE));
  }

  /** Whether the data file alone must show what the guest sees. */
  boolean dataFileRaw() {
    return is(Format.INCOMPATIBLE_DATA_FILE) && (autoclear & Format.AUTOCLEAR_DATA_FILE_RAW) != 0;
  }

  boolean is(long incompatibleFeature) {
    return (incompatible & incompatibleFeature) != 0;
  }
}
