// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.NodeOptions;
import org.qblockd.qapi.types.BlockdevOptionsQcow2;
import org.qblockd.qapi.types.Qcow2OverlapCheckFlags;
import org.qblockd.qapi.types.Qcow2OverlapCheckMode;
import org.qblockd.qapi.types.Qcow2OverlapChecks;

/** Turns the public options into what an image is opened with: defaults and checks. Pure. */
record DriverOptions(BlockdevOptionsQcow2 typed, NodeOptions node, Header header) {
  private static final long DEFAULT_L2_BYTES = 32L << 20;
  private static final long DEFAULT_REFCOUNT_BYTES = 256L << 10;

  /** The options for {@link Qcow2Image#open}, or QEMU's sentence for what is wrong. */
  OpenOptions resolve() throws BlockException {
    Caches caches = caches();
    checkOthers();
    OpenOptions.PassDiscards discards =
        new OpenOptions.PassDiscards(
            typed.passDiscardRequest().orElse(node.discardUnmap()),
            typed.passDiscardSnapshot().orElse(true),
            typed.passDiscardOther().orElse(false));
    return new OpenOptions(
        node.readOnly(),
        typed.lazyRefcounts().orElse(null),
        discards,
        typed.discardNoUnref().orElse(false),
        overlapChecks(),
        caches.l2,
        caches.refcounts);
  }

  private void checkOthers() throws BlockException {
    int clusterSize = 1 << header.clusterBits;
    long entry = typed.l2CacheEntrySize().orElse(512L);
    if (entry < 512 || entry > clusterSize || Long.bitCount(entry) != 1) {
      throw BlockException.invalid(
          "L2 cache entry size must be a power of two between 512 and the cluster size ("
              + clusterSize
              + ")");
    }
    long interval = typed.cacheCleanInterval().orElse(0L);
    if (Long.compareUnsigned(interval, Integer.toUnsignedLong(-1)) > 0) {
      throw BlockException.invalid("Cache clean interval too big");
    }
    if (typed.encrypt().isPresent() && header.cryptMethod == 0) {
      throw BlockException.invalid(
          "No encryption in image header, but options specified format '"
              + typed.encrypt().get().format().wireName()
              + "'");
    }
    if (typed.lazyRefcounts().orElse(false) && header.version < 3) {
      throw BlockException.invalid(
          "Lazy refcounts require a qcow2 image with at least qemu 1.1 compatibility level");
    }
    if (typed.discardNoUnref().orElse(false) && header.version < 3) {
      throw BlockException.invalid("discard-no-unref is only supported since qcow2 version 3");
    }
  }

  private record Caches(long l2, long refcounts) {}

  private Caches caches() throws BlockException {
    Optional<Long> both = typed.cacheSize();
    Optional<Long> l2 = typed.l2CacheSize();
    Optional<Long> refcounts = typed.refcountCacheSize();
    if (both.isEmpty()) {
      return new Caches(
          size(l2.orElse(DEFAULT_L2_BYTES)), size(refcounts.orElse(DEFAULT_REFCOUNT_BYTES)));
    }
    long total = size(both.get());
    if (l2.isPresent() && refcounts.isPresent()) {
      throw BlockException.invalid(
          "cache-size, l2-cache-size and refcount-cache-size may not be set at the same time");
    }
    if (l2.isPresent() && size(l2.get()) > total) {
      throw BlockException.invalid("l2-cache-size may not exceed cache-size");
    }
    if (refcounts.isPresent() && size(refcounts.get()) > total) {
      throw BlockException.invalid("refcount-cache-size may not exceed cache-size");
    }
    if (l2.isPresent()) {
      return new Caches(l2.get(), total - l2.get());
    }
    long counts = refcounts.orElse(Math.min(total, DEFAULT_REFCOUNT_BYTES));
    return new Caches(total - counts, counts);
  }

  private static long size(long value) {
    return value < 0 ? Long.MAX_VALUE : value;
  }

  private int overlapChecks() {
    if (typed.overlapCheck().isEmpty()) {
      return OverlapChecks.CACHED;
    }
    return switch (typed.overlapCheck().get()) {
      case Qcow2OverlapChecks.Mode mode -> mask(mode.value());
      case Qcow2OverlapChecks.Flags flags -> mask(flags.value());
    };
  }

  private static int mask(Qcow2OverlapCheckMode mode) {
    return switch (mode) {
      case NONE -> OverlapChecks.NONE;
      case CONSTANT -> OverlapChecks.CONSTANT;
      case CACHED -> OverlapChecks.CACHED;
      case ALL -> OverlapChecks.ALL;
    };
  }

  private static int mask(Qcow2OverlapCheckFlags flags) {
    int mask = mask(flags.template().orElse(Qcow2OverlapCheckMode.CACHED));
    mask = with(mask, flags.mainHeader(), OverlapChecks.MAIN_HEADER);
    mask = with(mask, flags.activeL1(), OverlapChecks.ACTIVE_L1);
    mask = with(mask, flags.activeL2(), OverlapChecks.ACTIVE_L2);
    mask = with(mask, flags.refcountTable(), OverlapChecks.REFCOUNT_TABLE);
    mask = with(mask, flags.refcountBlock(), OverlapChecks.REFCOUNT_BLOCK);
    mask = with(mask, flags.snapshotTable(), OverlapChecks.SNAPSHOT_TABLE);
    mask = with(mask, flags.inactiveL1(), OverlapChecks.INACTIVE_L1);
    mask = with(mask, flags.inactiveL2(), OverlapChecks.INACTIVE_L2);
    return with(mask, flags.bitmapDirectory(), OverlapChecks.BITMAP_DIRECTORY);
  }

  private static int with(int mask, Optional<Boolean> flag, int bit) {
    if (flag.isEmpty()) {
      return mask;
    }
    return flag.get() ? mask | bit : mask & ~bit;
  }
}
