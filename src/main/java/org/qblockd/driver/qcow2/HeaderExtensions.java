// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** Reads the header extensions into the header. Control lane, during open. */
final class HeaderExtensions {
  /** Room for the backing format's name with its end, in bytes. */
  private static final int BACKING_FORMAT_BYTES = 16;

  private static final int BITMAPS_BYTES = 24;

  /** An extension is at least 8 bytes, a cluster at most 2 MiB: a bound that is never reached. */
  private interface Visitor {
    void extension(int type, byte[] data) throws BlockException;
  }

  private final ImageFile file;
  private final Header header;
  private final long end;

  HeaderExtensions(ImageFile file, Header header, long end) {
    this.file = file;
    this.header = header;
    this.end = end;
  }

  void read() throws BlockException {
    List<Header.Extension> unknown = new ArrayList<>();
    visit((type, data) -> {
      switch (type) {
        case Format.EXTENSION_BACKING_FORMAT -> backingFormat(data);
        case Format.EXTENSION_FEATURE_NAMES -> {}
        case Format.EXTENSION_DATA_FILE ->
            header.dataFile = new String(data, StandardCharsets.UTF_8);
        case Format.EXTENSION_CRYPTO -> cryptoExtension(data);
        case Format.EXTENSION_BITMAPS -> bitmaps(data);
        default -> unknown.add(new Header.Extension(type, data));
      }
    });
    header.unknownExtensions = List.copyOf(unknown);
  }

  /** The body of the feature name table, or null; other extensions are passed over. */
  byte @Nullable [] featureNames() throws BlockException {
    byte[][] found = {null};
    visit((type, data) -> {
      if (type == Format.EXTENSION_FEATURE_NAMES) {
        found[0] = data;
      }
    });
    return found[0];
  }

  private void visit(Visitor visitor) throws BlockException {
    long offset = header.headerLength;
    ByteBuffer head = ByteBuffer.allocate(8);
    while (offset < end) {
      file.read(offset, head.clear());
      offset += 8;
      long length = Integer.toUnsignedLong(head.getInt(4));
      if (offset > end || length > end - offset) {
        throw BlockException.invalid("Header extension too large");
      }
      int type = head.getInt(0);
      if (type == Format.EXTENSION_END) {
        return;
      }
      byte[] data = new byte[(int) length];
      if (data.length > 0) {
        file.read(offset, ByteBuffer.wrap(data));
      }
      visitor.extension(type, data);
      offset += (length + 7) & -8;
    }
  }

  private void backingFormat(byte[] data) throws BlockException {
    if (data.length >= BACKING_FORMAT_BYTES) {
      throw BlockException.invalid(
          "ERROR: ext_backing_format: len="
              + data.length
              + " too large (>="
              + BACKING_FORMAT_BYTES
              + ")");
    }
    header.backingFormat = new String(data, StandardCharsets.UTF_8);
  }

  private void cryptoExtension(byte[] data) throws BlockException {
    if (header.cryptMethod != 2) {
      throw BlockException.invalid(
          "CRYPTO header extension only expected with LUKS encryption method");
    }
    if (data.length != 16) {
      throw BlockException.invalid(
          "CRYPTO header extension size " + data.length + ", but expected size 16");
    }
    ByteBuffer place = ByteBuffer.wrap(data);
    header.cryptoPlace = new Header.CryptoPlace(place.getLong(), place.getLong());
    if (header.cryptoPlace.offset() % (1L << header.clusterBits) != 0) {
      throw BlockException.invalid(
          "Encryption header offset '"
              + Long.toUnsignedString(header.cryptoPlace.offset())
              + "' is not a multiple of cluster size '"
              + (1L << header.clusterBits)
              + "'");
    }
  }

  /** Checked only while the autoclear bit vouches for it; kept in any case. */
  private void bitmaps(byte[] data) throws BlockException {
    if (data.length != BITMAPS_BYTES) {
      throw BlockException.invalid("bitmaps_ext: Invalid extension length");
    }
    if ((header.autoclear & Format.AUTOCLEAR_BITMAPS) != 0) {
      checkBitmaps(ByteBuffer.wrap(data));
      header.bitmapsExtension = data;
    } else {
      header.staleBitmaps = true;
    }
  }

  private void checkBitmaps(ByteBuffer data) throws BlockException {
    if (data.getInt(4) != 0) {
      throw BlockException.invalid("bitmaps_ext: Reserved field is not zero");
    }
    long count = Integer.toUnsignedLong(data.getInt(0));
    if (count > 65535) {
      throw BlockException.invalid(
          "bitmaps_ext: image has "
              + count
              + " bitmaps, exceeding the QEMU supported maximum of 65535");
    }
    if (count == 0) {
      throw BlockException.invalid("found bitmaps extension with zero bitmaps");
    }
    if (!header.geometry().aligned(data.getLong(16))) {
      throw BlockException.invalid("bitmaps_ext: invalid bitmap directory offset");
    }
    if (Long.compareUnsigned(data.getLong(8), 65535L * 1024) > 0) {
      throw BlockException.invalid(
          "bitmaps_ext: bitmap directory size ("
              + Long.toUnsignedString(data.getLong(8))
              + ") exceeds the maximum supported size ("
              + 65535L * 1024
              + ")");
    }
  }
}
