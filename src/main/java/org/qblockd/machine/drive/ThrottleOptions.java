// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.throttle.Rate;
import org.qblockd.block.throttle.RateKind;
import org.qblockd.block.throttle.ThrottleConfig;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;

/**
 * The options {@code throttling.*} of a drive. Immutable; any thread.
 *
 * @param config the limits, checked
 * @param group the group to be in, or null for one of the drive's own
 */
public record ThrottleOptions(ThrottleConfig config, @Nullable String group) {
  /** Where the names of all these options begin. */
  private static final String PREFIX = "throttling.";

  /** Takes the options out of {@code values}; null when there are none. */
  static @Nullable ThrottleOptions take(Map<String, String> values) throws QmpException {
    if (!mentioned(values)) {
      return null;
    }
    List<Rate> rates = new ArrayList<>();
    for (RateKind kind : RateKind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      rates.add(
          new Rate(
              number(values, name, 0),
              number(values, name + "-max", 0),
              number(values, name + "-max-length", 1)));
    }
    ThrottleConfig config = new ThrottleConfig(rates, number(values, "iops-size", 0));
    try {
      config.check();
    } catch (BlockException refused) {
      throw QmpException.generic(refused.message());
    }
    return new ThrottleOptions(config, values.remove(PREFIX + "group"));
  }

  private static boolean mentioned(Map<String, String> values) {
    for (String name : values.keySet()) {
      if (name.startsWith(PREFIX)) {
        return true;
      }
    }
    return false;
  }

  private static long number(Map<String, String> values, String name, long otherwise)
      throws QmpException {
    String value = values.remove(PREFIX + name);
    return value == null ? otherwise : OptsParser.number(PREFIX + name, value);
  }
}
