// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.jspecify.annotations.Nullable;

/**
 * How an image is opened; the typed options after defaults.
 *
 * @param readOnly whether nothing may be written
 * @param lazyRefcounts the option, or null for what the header says
 * @param discards which freed clusters are discarded in the file
 * @param discardNoUnref whether discards keep the clusters of the image
 * @param overlapChecks a mask of {@link OverlapChecks}
 * @param l2CacheBytes the limit of cached L2 slices
 * @param refcountCacheBytes the limit of cached refcount blocks
 */
public record OpenOptions(
    boolean readOnly,
    @Nullable Boolean lazyRefcounts,
    PassDiscards discards,
    boolean discardNoUnref,
    int overlapChecks,
    long l2CacheBytes,
    long refcountCacheBytes) {
  /**
   * Which kinds of freed clusters are discarded in the file below.
   *
   * @param request those that a discard or write of zeroes freed
   * @param snapshot those that a deleted snapshot freed
   * @param other all others
   */
  public record PassDiscards(boolean request, boolean snapshot, boolean other) {}

  /** What is used when nothing is said and the node does not pass discards on. */
  public static final OpenOptions DEFAULT =
      new OpenOptions(
          false,
          null,
          new PassDiscards(false, true, false),
          false,
          OverlapChecks.CACHED,
          32L << 20,
          1L << 20);

  /** The same, read-only or not. */
  public OpenOptions withReadOnly(boolean value) {
    return new OpenOptions(
        value,
        lazyRefcounts,
        discards,
        discardNoUnref,
        overlapChecks,
        l2CacheBytes,
        refcountCacheBytes);
  }
}
