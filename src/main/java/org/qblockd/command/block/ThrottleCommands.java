// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.throttle.Rate;
import org.qblockd.block.throttle.RateKind;
import org.qblockd.block.throttle.ThrottleConfig;
import org.qblockd.block.throttle.ThrottleGroup;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.DriveLimits;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockIOThrottle;

/** Limits of drives: how they are set and how queries show them. Control lane. */
final class ThrottleCommands {
  private ThrottleCommands() {}

  static void set(Machine machine, BlockIOThrottle arguments) throws QmpException, BlockException {
    String device = arguments.device().orElse(null);
    String id = arguments.id().orElse(null);
    BlockBackend backend = machine.drives().find(device, id).backend();
    if (backend.node() == null) {
      throw QmpException.generic("Device has no medium");
    }
    ThrottleConfig config = config(arguments);
    config.check();
    new DriveLimits(machine.graph(), machine.objects().throttleGroups())
        .set(backend, config, arguments.group().orElse(null), device != null ? device : id + "");
  }

  private static ThrottleConfig config(BlockIOThrottle a) {
    return new ThrottleConfig(
        List.of(
            rate(a.bps(), a.bpsMax(), a.bpsMaxLength()),
            rate(a.bpsRd(), a.bpsRdMax(), a.bpsRdMaxLength()),
            rate(a.bpsWr(), a.bpsWrMax(), a.bpsWrMaxLength()),
            rate(a.iops(), a.iopsMax(), a.iopsMaxLength()),
            rate(a.iopsRd(), a.iopsRdMax(), a.iopsRdMaxLength()),
            rate(a.iopsWr(), a.iopsWrMax(), a.iopsWrMaxLength())),
        a.iopsSize().orElse(0L));
  }

  private static Rate rate(long average, Optional<Long> burst, Optional<Long> seconds) {
    return new Rate(average, burst.orElse(0L), seconds.orElse(1L));
  }

  /** Adds the limits of a drive; without any they are zero. */
  static void show(BlockDeviceInfo.Builder info, @Nullable BlockBackend backend) {
    ThrottleGroup group = backend == null ? null : DriveLimits.groupOf(backend);
    ThrottleConfig config = group == null ? ThrottleConfig.UNLIMITED : group.config();
    BlockDeviceInfo.Builder unused =
        info.bps(config.rate(RateKind.BPS_TOTAL).average())
            .bpsMax(burst(config, RateKind.BPS_TOTAL))
            .bpsMaxLength(seconds(config, RateKind.BPS_TOTAL))
            .bpsRd(config.rate(RateKind.BPS_READ).average())
            .bpsRdMax(burst(config, RateKind.BPS_READ))
            .bpsRdMaxLength(seconds(config, RateKind.BPS_READ))
            .bpsWr(config.rate(RateKind.BPS_WRITE).average())
            .bpsWrMax(burst(config, RateKind.BPS_WRITE))
            .bpsWrMaxLength(seconds(config, RateKind.BPS_WRITE))
            .iops(config.rate(RateKind.IOPS_TOTAL).average())
            .iopsMax(burst(config, RateKind.IOPS_TOTAL))
            .iopsMaxLength(seconds(config, RateKind.IOPS_TOTAL))
            .iopsRd(config.rate(RateKind.IOPS_READ).average())
            .iopsRdMax(burst(config, RateKind.IOPS_READ))
            .iopsRdMaxLength(seconds(config, RateKind.IOPS_READ))
            .iopsWr(config.rate(RateKind.IOPS_WRITE).average())
            .iopsWrMax(burst(config, RateKind.IOPS_WRITE))
            .iopsWrMaxLength(seconds(config, RateKind.IOPS_WRITE))
            .iopsSize(nonZero(config.requestBytes()))
            .group(Optional.ofNullable(group == null ? null : group.name()));
  }

  private static Optional<Long> burst(ThrottleConfig config, RateKind kind) {
    return nonZero(config.rate(kind).burst());
  }

  /** Shown only with a burst. */
  private static Optional<Long> seconds(ThrottleConfig config, RateKind kind) {
    return burst(config, kind).map(burst -> config.rate(kind).burstSeconds());
  }

  private static Optional<Long> nonZero(long value) {
    return value == 0 ? Optional.empty() : Optional.of(value);
  }
}
