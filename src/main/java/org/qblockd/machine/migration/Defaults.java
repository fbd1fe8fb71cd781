// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.Optional;
import org.qblockd.qapi.types.MigMode;
import org.qblockd.qapi.types.MigrateSetParameters;
import org.qblockd.qapi.types.MigrationParameters;
import org.qblockd.qapi.types.MultiFDCompression;
import org.qblockd.qapi.types.StrOrNull;
import org.qblockd.qapi.types.ZeroPageDetection;

/** The parameters at the start, and how new values come in. Pure. */
final class Defaults {
  /** What QEMU begins with. */
  static final MigrationParameters PARAMETERS =
      MigrationParameters.builder()
          .announceInitial(50)
          .announceMax(550)
          .announceRounds(5)
          .announceStep(100)
          .throttleTriggerThreshold(50)
          .cpuThrottleInitial(20)
          .cpuThrottleIncrement(10)
          .cpuThrottleTailslow(false)
          .tlsCreds("")
          .tlsHostname("")
          .tlsAuthz("")
          .maxBandwidth(134_217_728)
          .availSwitchoverBandwidth(0)
          .downtimeLimit(300)
          .xCheckpointDelay(20_000)
          .multifdChannels(2)
          .xbzrleCacheSize(67_108_864)
          .maxPostcopyBandwidth(0)
          .maxCpuThrottle(99)
          .multifdCompression(MultiFDCompression.NONE)
          .multifdZlibLevel(1)
          .multifdQatzipLevel(1)
          .multifdZstdLevel(1)
          .xVcpuDirtyLimitPeriod(1000)
          .vcpuDirtyLimit(1)
          .mode(MigMode.NORMAL)
          .zeroPageDetection(ZeroPageDetection.MULTIFD)
          .directIo(false)
          .build();

  private Defaults() {}

  /** The parameters with those replaced that are set. */
  static MigrationParameters with(MigrationParameters now, MigrateSetParameters set) {
    return new MigrationParameters(
        either(set.announceInitial(), now.announceInitial()),
        either(set.announceMax(), now.announceMax()),
        either(set.announceRounds(), now.announceRounds()),
        either(set.announceStep(), now.announceStep()),
        either(set.throttleTriggerThreshold(), now.throttleTriggerThreshold()),
        either(set.cpuThrottleInitial(), now.cpuThrottleInitial()),
        either(set.cpuThrottleIncrement(), now.cpuThrottleIncrement()),
        either(set.cpuThrottleTailslow(), now.cpuThrottleTailslow()),
        either(text(set.tlsCreds()), now.tlsCreds()),
        either(text(set.tlsHostname()), now.tlsHostname()),
        either(text(set.tlsAuthz()), now.tlsAuthz()),
        either(set.maxBandwidth(), now.maxBandwidth()),
        either(set.availSwitchoverBandwidth(), now.availSwitchoverBandwidth()),
        either(set.downtimeLimit(), now.downtimeLimit()),
        either(set.xCheckpointDelay(), now.xCheckpointDelay()),
        either(set.multifdChannels(), now.multifdChannels()),
        either(set.xbzrleCacheSize(), now.xbzrleCacheSize()),
        either(set.maxPostcopyBandwidth(), now.maxPostcopyBandwidth()),
        either(set.maxCpuThrottle(), now.maxCpuThrottle()),
        either(set.multifdCompression(), now.multifdCompression()),
        either(set.multifdZlibLevel(), now.multifdZlibLevel()),
        either(set.multifdQatzipLevel(), now.multifdQatzipLevel()),
        either(set.multifdZstdLevel(), now.multifdZstdLevel()),
        either(set.blockBitmapMapping(), now.blockBitmapMapping()),
        either(set.xVcpuDirtyLimitPeriod(), now.xVcpuDirtyLimitPeriod()),
        either(set.vcpuDirtyLimit(), now.vcpuDirtyLimit()),
        either(set.mode(), now.mode()),
        either(set.zeroPageDetection(), now.zeroPageDetection()),
        either(set.directIo(), now.directIo()));
  }

  private static <T> Optional<T> either(Optional<T> set, Optional<T> now) {
    return set.isPresent() ? set : now;
  }

  private static Optional<String> text(Optional<StrOrNull> value) {
    return value.map(given ->
        switch (given) {
          case StrOrNull.S text -> text.value();
          case StrOrNull.N none -> "";
        });
  }
}
