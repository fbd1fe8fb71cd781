// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * What an L2 entry says about its cluster; {@link Geometry#typeOf} tells. Source: qcow2
 * specification, "Cluster mapping".
 */
enum ClusterType {
  UNALLOCATED,
  ZERO_PLAIN,
  ZERO_ALLOCATED,
  NORMAL,
  COMPRESSED;

  /** Whether an entry has a host cluster of its own that no snapshot shares. */
  static boolean isOwn(long entry) {
    return (entry & Format.COPIED) != 0 && (entry & Format.COMPRESSED) == 0;
  }

  static long hostOffset(long entry) {
    return entry & Format.OFFSET_MASK;
  }

  /** Whether something is stored for the cluster, compressed or not. */
  boolean stored() {
    return this == NORMAL || this == ZERO_ALLOCATED || this == COMPRESSED;
  }

  /** Whether the cluster has a host cluster at its own disposal. */
  boolean placed() {
    return this == NORMAL || this == ZERO_ALLOCATED;
  }
}
