// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Lays out a whole header cluster as the reference does. Pure; any thread. */
final class HeaderWriter {
  /** In clusters up to this size the room is left to other extensions. */
  private static final int MAX_BYTES_WITHOUT_NAMES = 4096;

  private HeaderWriter() {}

  /**
   * The first cluster of the image.
   *
   * @throws BlockException ENOSPC when extensions and backing name do not fit
   */
  static ByteBuffer encode(Header header) throws BlockException {
    ByteBuffer out = ByteBuffer.allocate(1 << header.clusterBits);
    try {
      fixedPart(header, out);
      extensions(header, out);
      backingName(header, out);
    } catch (BufferOverflowException full) {
      throw BlockException.io(Errno.ENOSPC, full);
    }
    return out.clear();
  }

  private static void fixedPart(Header header, ByteBuffer out) {
    out.putInt(Format.MAGIC).putInt(header.version);
    out.putLong(0).putInt(0);
    out.putInt(header.clusterBits).putLong(header.size).putInt(header.cryptMethod);
    out.putInt(header.l1Size).putLong(header.l1Offset);
    out.putLong(header.refcountTableOffset).putInt(header.refcountTableClusters);
    out.putInt(header.snapshotCount).putLong(header.snapshotsOffset);
    if (header.version < 3) {
      return;
    }
    out.putLong(header.incompatible).putLong(header.compatible).putLong(header.autoclear);
    out.putInt(header.refcountOrder);
    out.putInt(Format.V3_HEADER_BYTES + header.unknownFields.length);
    out.put((byte) header.compressionType).put(new byte[7]);
    out.put(header.unknownFields);
  }

  private static void extensions(Header header, ByteBuffer out) {
    String format = header.backingFormat;
    if (format != null && !format.isEmpty()) {
      extension(out, Format.EXTENSION_BACKING_FORMAT, format.getBytes(StandardCharsets.UTF_8));
    }
    String data = header.dataFile;
    if (data != null) {
      extension(out, Format.EXTENSION_DATA_FILE, data.getBytes(StandardCharsets.UTF_8));
    }
    Header.CryptoPlace crypto = header.cryptoPlace;
    if (crypto != null) {
      ByteBuffer place = ByteBuffer.allocate(16);
      place.putLong(crypto.offset()).putLong(crypto.length());
      extension(out, Format.EXTENSION_CRYPTO, place.array());
    }
    if (header.version >= 3 && 1 << header.clusterBits > MAX_BYTES_WITHOUT_NAMES) {
      extension(out, Format.EXTENSION_FEATURE_NAMES, FeatureNames.table());
    }
    extension(out, Format.EXTENSION_BITMAPS, header.bitmapsExtension);
    for (Header.Extension unknown : header.unknownExtensions) {
      extension(out, unknown.type(), unknown.data());
    }
    out.putInt(Format.EXTENSION_END).putInt(0);
  }

  private static void extension(ByteBuffer out, int type, byte @Nullable [] data) {
    if (data != null) {
      out.putInt(type).putInt(data.length).put(data);
      out.put(new byte[-data.length & 7]);
    }
  }

  private static void backingName(Header header, ByteBuffer out) throws BlockException {
    String file = header.backingFile;
    if (file == null || file.isEmpty()) {
      return;
    }
    byte[] name = file.getBytes(StandardCharsets.UTF_8);
    if (name.length > Format.MAX_BACKING_NAME_BYTES) {
      throw BlockException.io(Errno.EINVAL);
    }
    int at = out.position();
    out.put(name);
    out.putLong(8, at).putInt(16, name.length);
  }
}
