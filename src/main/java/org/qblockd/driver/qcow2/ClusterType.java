// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/** What an L2 entry says about its cluster. Source: qcow2 specification, "Cluster mapping". */
enum ClusterType {
  UNALLOCATED,
  ZERO_PLAIN,
  ZERO_ALLOCATED,
  NORMAL,
  COMPRESSED;

  static ClusterType of(long entry) {
    if ((entry & Format.COMPRESSED) != 0) {
      return COMPRESSED;
    }
    boolean stored = (entry & Format.OFFSET_MASK) != 0;
    if ((entry & Format.ZERO) != 0) {
      return stored ? ZERO_ALLOCATED : ZERO_PLAIN;
    }
    return stored ? NORMAL : UNALLOCATED;
  }

  /** Whether an entry has a host cluster of its own that no snapshot shares. */
  static boolean isOwn(long entry) {
    return (entry & Format.COPIED) != 0 && (entry & Format.COMPRESSED) == 0;
  }

  /** Whether a write may go straight to the host cluster. */
  static boolean writableInPlace(long entry) {
    return isOwn(entry) && (entry & Format.ZERO) == 0 && (entry & Format.OFFSET_MASK) != 0;
  }

  static long hostOffset(long entry) {
    return entry & Format.OFFSET_MASK;
  }
}
