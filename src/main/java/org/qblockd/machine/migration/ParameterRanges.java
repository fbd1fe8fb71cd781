// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.Optional;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.MigrateSetParameters;
import org.qblockd.qapi.types.MigrationParameters;

/** Checks new parameters, in QEMU's order and words. Pure functions. */
final class ParameterRanges {
  private static final long PAGE_BYTES = 4096;
  private static final long MAX_DOWNTIME_MILLIS = 2_000_000;

  private ParameterRanges() {}

  /**
   * Checks what is set.
   *
   * @param now the parameters as they are
   * @throws QmpException for the first that is out of its range
   */
  static void check(MigrateSetParameters set, MigrationParameters now) throws QmpException {
    percent(set.throttleTriggerThreshold(), "throttle_trigger_threshold", 100);
    percent(set.cpuThrottleInitial(), "cpu_throttle_initial", 99);
    percent(set.cpuThrottleIncrement(), "cpu_throttle_increment", 99);
    require(
        set.downtimeLimit(),
        0,
        MAX_DOWNTIME_MILLIS,
        "downtime_limit",
        "an integer in the range of 0 to (2000 * 1000) ms");
    between(set.multifdChannels(), "multifd_channels", 1, 255);
    between(set.multifdZlibLevel(), "multifd_zlib_level", 0, 9);
    between(set.multifdQatzipLevel(), "multifd_qatzip_level", 1, 9);
    between(set.multifdZstdLevel(), "multifd_zstd_level", 0, 20);
    cacheSize(set.xbzrleCacheSize());
    maxThrottle(set, now);
    between(set.announceInitial(), "announce_initial", 0, 100_000);
    between(set.announceMax(), "announce_max", 0, 100_000);
    between(set.announceRounds(), "announce_rounds", 0, 1000);
    if (set.announceStep().isPresent()) {
      require(set.announceStep(), 1, 10_000, "announce_step", "a value between 0 and 10000");
    }
    if (set.blockBitmapMapping().isPresent()) {
      BitmapMapping.check(set.blockBitmapMapping().get());
    }
    between(set.xVcpuDirtyLimitPeriod(), "x-vcpu-dirty-limit-period", 1, 1000);
    if (set.vcpuDirtyLimit().isPresent() && set.vcpuDirtyLimit().get() == 0) {
      throw QmpException.generic("Parameter 'vcpu_dirty_limit' must be greater than 1 MB/s");
    }
  }

  private static void percent(Optional<Long> value, String name, long max) throws QmpException {
    require(value, 1, max, name, "an integer in the range of 1 to " + max);
  }

  private static void between(Optional<Long> value, String name, long min, long max)
      throws QmpException {
    require(value, min, max, name, "a value between " + min + " and " + max);
  }

  private static void cacheSize(Optional<Long> value) throws QmpException {
    if (value.isPresent()
        && (Long.compareUnsigned(value.get(), PAGE_BYTES) < 0 || Long.bitCount(value.get()) != 1)) {
      throw expects("xbzrle_cache_size", "a power of two no less than the target page size");
    }
  }

  private static void maxThrottle(MigrateSetParameters set, MigrationParameters now)
      throws QmpException {
    long initial = set.cpuThrottleInitial().or(now::cpuThrottleInitial).orElse(1L);
    require(
        set.maxCpuThrottle(),
        initial,
        99,
        "max_cpu_throttle",
        "an integer in the range of cpu_throttle_initial to 99");
  }

  /** The numbers are unsigned. */
  private static void require(Optional<Long> value, long min, long max, String name, String what)
      throws QmpException {
    if (value.isPresent()
        && (Long.compareUnsigned(value.get(), min) < 0
            || Long.compareUnsigned(value.get(), max) > 0)) {
      throw expects(name, what);
    }
  }

  private static QmpException expects(String name, String what) {
    return QmpException.generic("Parameter '" + name + "' expects " + what);
  }
}
