// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Numbers of the on-disk format. Source: qcow2 specification. */
final class Format {
  static final int MAGIC = 0x514649fb;
  static final int V2_HEADER_BYTES = 72;
  static final int V3_MIN_HEADER_BYTES = 104;

  /**
   * The length of the version 3 headers that are written: up to the compression type and padding.
   */
  static final int V3_HEADER_BYTES = 112;

  static final int MIN_CLUSTER_BITS = 9;
  static final int MAX_CLUSTER_BITS = 21;
  static final int MAX_REFCOUNT_ORDER = 6;
  static final int MAX_BACKING_NAME_BYTES = 1023;

  static final long MAX_REFCOUNT_TABLE_BYTES = 8L << 20;
  static final long MAX_L1_BYTES = 32L << 20;
  static final long MAX_SNAPSHOT_TABLE_BYTES = 64L << 20;
  static final int MAX_SNAPSHOTS = 65536;

  static final long COPIED = 1L << 63;
  static final long COMPRESSED = 1L << 62;
  static final long ZERO = 1L;
  static final long OFFSET_MASK = 0x00fffffffffffe00L;
  static final long REFCOUNT_OFFSET_MASK = 0xfffffffffffffe00L;

  static final long INCOMPATIBLE_DIRTY = 1;
  static final long INCOMPATIBLE_CORRUPT = 2;
  static final long INCOMPATIBLE_DATA_FILE = 4;
  static final long INCOMPATIBLE_COMPRESSION = 8;
  static final long INCOMPATIBLE_EXTENDED_L2 = 16;
  static final long INCOMPATIBLE_KNOWN = 31;
  static final long COMPATIBLE_LAZY_REFCOUNTS = 1;
  static final long AUTOCLEAR_BITMAPS = 1;
  static final long AUTOCLEAR_DATA_FILE_RAW = 2;

  /**
   * Bitmaps in use whose bits all have their place hold what was written up to the last moment. Not
   * in the specification: a writer that does not know the bit clears it, and with it the promise.
   */
  static final long AUTOCLEAR_LIVE_BITMAPS = 1L << 62;

  static final int EXTENSION_END = 0;
  static final int EXTENSION_BACKING_FORMAT = 0xE2792ACA;
  static final int EXTENSION_FEATURE_NAMES = 0x6803F857;
  static final int EXTENSION_CRYPTO = 0x0537BE77;
  static final int EXTENSION_BITMAPS = 0x23852875;
  static final int EXTENSION_DATA_FILE = 0x44415441;

  /** Positions of header fields that are rewritten in place. */
  static final int AT_SIZE = 24;

  static final int AT_L1_SIZE = 36;
  static final int AT_REFCOUNT_TABLE = 48;
  static final int AT_SNAPSHOTS = 60;
  static final int AT_INCOMPATIBLE = 72;

  private Format() {}

  /** Refuses the name of a backing file that a header has no room for. */
  static void checkBackingName(@Nullable String name) throws BlockException {
    if (name != null && name.getBytes(UTF_8).length > MAX_BACKING_NAME_BYTES) {
      throw BlockException.io(Errno.EINVAL);
    }
  }
}
