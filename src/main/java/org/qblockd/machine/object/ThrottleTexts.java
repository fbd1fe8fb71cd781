// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.Locale;
import java.util.Optional;
import org.qblockd.block.throttle.Rate;
import org.qblockd.block.throttle.RateKind;
import org.qblockd.block.throttle.ThrottleConfig;
import org.qblockd.qapi.types.ThrottleLimits;

/** Limits between the schema's members and those of the engine. Any thread. */
final class ThrottleTexts {
  private ThrottleTexts() {}

  /** What a client said of one limit. */
  record Given(Optional<Long> average, Optional<Long> burst, Optional<Long> seconds) {}

  /** The limit's name in the schema. */
  static String name(RateKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What {@code limits} says of one kind. */
  static Given given(ThrottleLimits limits, RateKind kind) {
    return switch (kind) {
      case BPS_TOTAL ->
          new Given(limits.bpsTotal(), limits.bpsTotalMax(), limits.bpsTotalMaxLength());
      case BPS_READ -> new Given(limits.bpsRead(), limits.bpsReadMax(), limits.bpsReadMaxLength());
      case BPS_WRITE ->
          new Given(limits.bpsWrite(), limits.bpsWriteMax(), limits.bpsWriteMaxLength());
      case IOPS_TOTAL ->
          new Given(limits.iopsTotal(), limits.iopsTotalMax(), limits.iopsTotalMaxLength());
      case IOPS_READ ->
          new Given(limits.iopsRead(), limits.iopsReadMax(), limits.iopsReadMaxLength());
      case IOPS_WRITE ->
          new Given(limits.iopsWrite(), limits.iopsWriteMax(), limits.iopsWriteMaxLength());
    };
  }

  /** All limits, as clients see them. */
  static ThrottleLimits limits(ThrottleConfig config) {
    ThrottleLimits.Builder limits = ThrottleLimits.builder();
    for (RateKind kind : RateKind.values()) {
      put(limits, kind, config.rate(kind));
    }
    return limits.iopsSize(config.requestBytes()).build();
  }

  private static void put(ThrottleLimits.Builder limits, RateKind kind, Rate rate) {
    ThrottleLimits.Builder unused =
        switch (kind) {
          case BPS_TOTAL ->
              limits
                  .bpsTotal(rate.average())
                  .bpsTotalMax(rate.burst())
                  .bpsTotalMaxLength(rate.burstSeconds());
          case BPS_READ ->
              limits
                  .bpsRead(rate.average())
                  .bpsReadMax(rate.burst())
                  .bpsReadMaxLength(rate.burstSeconds());
          case BPS_WRITE ->
              limits
                  .bpsWrite(rate.average())
                  .bpsWriteMax(rate.burst())
                  .bpsWriteMaxLength(rate.burstSeconds());
          case IOPS_TOTAL ->
              limits
                  .iopsTotal(rate.average())
                  .iopsTotalMax(rate.burst())
                  .iopsTotalMaxLength(rate.burstSeconds());
          case IOPS_READ ->
              limits
                  .iopsRead(rate.average())
                  .iopsReadMax(rate.burst())
                  .iopsReadMaxLength(rate.burstSeconds());
          case IOPS_WRITE ->
              limits
                  .iopsWrite(rate.average())
                  .iopsWriteMax(rate.burst())
                  .iopsWriteMaxLength(rate.burstSeconds());
        };
  }
}
