// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.qblockd.base.BlockException;

/**
 * The limits of a group. Immutable; any thread. Sentences and order of the checks are QEMU's.
 *
 * @param rates one for each {@link RateKind}, in its order
 * @param requestBytes how many bytes of a request count as one request; 0 for any number
 */
public record ThrottleConfig(List<Rate> rates, long requestBytes) {
  /** The highest rate. */
  private static final long MAX = 1_000_000_000_000_000L;

  /** No limits. */
  public static final ThrottleConfig UNLIMITED =
      new ThrottleConfig(Collections.nCopies(RateKind.values().length, Rate.UNLIMITED), 0);

  public ThrottleConfig {
    rates = List.copyOf(rates);
    if (rates.size() != RateKind.values().length) {
      throw new IllegalArgumentException("a rate for each kind is needed");
    }
  }

  /** The limit of this kind. */
  public Rate rate(RateKind kind) {
    return rates.get(kind.ordinal());
  }

  /** The same with another limit of one kind. */
  public ThrottleConfig with(RateKind kind, Rate rate) {
    List<Rate> changed = new ArrayList<>(rates);
    changed.set(kind.ordinal(), rate);
    return new ThrottleConfig(changed, requestBytes);
  }

  /** The same with another size of a request. */
  public ThrottleConfig withRequestBytes(long bytes) {
    return new ThrottleConfig(rates, bytes);
  }

  /** Whether there is any limit. */
  public boolean limited() {
    for (Rate rate : rates) {
      if (rate.average() != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Refuses limits that contradict each other.
   *
   * @throws BlockException EINVAL
   */
  public void check() throws BlockException {
    if (mixed(RateKind.BPS_TOTAL, RateKind.BPS_READ, RateKind.BPS_WRITE)
        || mixed(RateKind.IOPS_TOTAL, RateKind.IOPS_READ, RateKind.IOPS_WRITE)) {
      throw BlockException.invalid(
          "bps/iops/max total values and read/write values cannot be used at the same time");
    }
    if (requestBytes != 0
        && rate(RateKind.IOPS_TOTAL).average() == 0
        && rate(RateKind.IOPS_READ).average() == 0
        && rate(RateKind.IOPS_WRITE).average() == 0) {
      throw BlockException.invalid("iops size requires an iops value to be set");
    }
    for (Rate rate : rates) {
      check(rate);
    }
  }

  private boolean mixed(RateKind total, RateKind read, RateKind write) {
    return rate(total).average() != 0 && (rate(read).average() != 0 || rate(write).average() != 0)
        || rate(total).burst() != 0 && (rate(read).burst() != 0 || rate(write).burst() != 0);
  }

  private static void check(Rate rate) throws BlockException {
    long burst = rate.burst();
    if (tooHigh(rate.average()) || tooHigh(burst)) {
      throw BlockException.invalid("bps/iops/max values must be within [0, " + MAX + "]");
    }
    if (rate.burstSeconds() == 0) {
      throw BlockException.invalid("the burst length cannot be 0");
    }
    if (rate.longBurst() && burst == 0) {
      throw BlockException.invalid("burst length set without burst rate");
    }
    if (burst != 0 && Long.compareUnsigned(rate.burstSeconds(), MAX / burst) > 0) {
      throw BlockException.invalid("burst length too high for this burst rate");
    }
    if (burst != 0 && rate.average() == 0) {
      throw BlockException.invalid("bps_max/iops_max require corresponding bps/iops values");
    }
    if (burst != 0 && burst < rate.average()) {
      throw BlockException.invalid("bps_max/iops_max cannot be lower than bps/iops");
    }
  }

  private static boolean tooHigh(long value) {
    return Long.compareUnsigned(value, MAX) > 0;
  }
}
