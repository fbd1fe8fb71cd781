// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * What an extended L2 entry says about one subcluster. Source: qcow2 specification, "Extended L2
 * Entries".
 */
enum SubclusterType {
  UNALLOCATED_PLAIN,
  UNALLOCATED_PLACED,
  ZERO_PLAIN,
  ZERO_PLACED,
  NORMAL,
  COMPRESSED,
  INVALID;

  static SubclusterType of(Geometry geometry, L2Entry entry, int subcluster) {
    boolean allocated = entry.allocated(subcluster);
    boolean zero = entry.zero(subcluster);
    return switch (geometry.typeOf(entry.value())) {
      case COMPRESSED -> COMPRESSED;
      case NORMAL -> {
        // Both bits of any subcluster make the whole entry senseless.
        if ((entry.bitmap() >>> L2Entry.SUBCLUSTERS & entry.bitmap()) != 0) {
          yield INVALID;
        }
        yield zero ? ZERO_PLACED : allocated ? NORMAL : UNALLOCATED_PLACED;
      }
      case UNALLOCATED -> entry.allocated() != 0 ? INVALID : zero ? ZERO_PLAIN : UNALLOCATED_PLAIN;
      case ZERO_PLAIN, ZERO_ALLOCATED -> throw new AssertionError("not with extended entries");
    };
  }

  /** Whether the cluster has a place in the file, so that neighbours must lie side by side. */
  boolean placed() {
    return this == NORMAL || this == ZERO_PLACED || this == UNALLOCATED_PLACED;
  }
}
