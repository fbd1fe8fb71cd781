// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.throttle.Rate;
import org.qblockd.block.throttle.RateKind;
import org.qblockd.block.throttle.ThrottleConfig;
import org.qblockd.block.throttle.ThrottleGroup;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ThrottleLimits;

/**
 * A throttle group as an object: its limits can be changed while it is used. The single limits
 * ({@code x-…}) can be set only while it is made. Control lane.
 */
public final class ThrottleGroupObject extends UserObject {
  private static final long MAX_SECONDS = 0xFFFF_FFFFL;

  /** QEMU's order, which shows in the list of the properties. */
  private static final List<RateKind> IN_ORDER =
      List.of(
          RateKind.IOPS_TOTAL,
          RateKind.IOPS_READ,
          RateKind.IOPS_WRITE,
          RateKind.BPS_TOTAL,
          RateKind.BPS_READ,
          RateKind.BPS_WRITE);

  private final ThrottleGroups groups;
  private ThrottleConfig config = ThrottleConfig.UNLIMITED;
  private @Nullable ThrottleGroup group;

  ThrottleGroupObject(ThrottleGroups groups) {
    super("throttle-group");
    this.groups = groups;
    QomProperty[] properties = new QomProperty[3 * RateKind.values().length + 2];
    int next = 0;
    for (RateKind kind : IN_ORDER) {
      String name = "x-" + ThrottleTexts.name(kind);
      properties[next++] = single(name, kind, Part.AVERAGE);
      properties[next++] = single(name + "-max", kind, Part.BURST);
      properties[next++] = single(name + "-max-length", kind, Part.SECONDS);
    }
    properties[next++] =
        QomProperty.number(
            "x-iops-size",
            "int",
            () -> config().requestBytes(),
            (in, name) -> config = config.withRequestBytes(value(in, name)));
    properties[next] =
        new QomProperty(
            "limits",
            "ThrottleLimits",
            () -> AnyValue.of(ThrottleTexts.limits(config())),
            this::setLimits);
    addClass(properties);
  }

  /** A number of a limit. */
  private enum Part {
    AVERAGE,
    BURST,
    SECONDS;

    long of(Rate rate) {
      return switch (this) {
        case AVERAGE -> rate.average();
        case BURST -> rate.burst();
        case SECONDS -> rate.burstSeconds();
      };
    }

    Rate with(Rate rate, long value) {
      return switch (this) {
        case AVERAGE -> new Rate(value, rate.burst(), rate.burstSeconds());
        case BURST -> new Rate(rate.average(), value, rate.burstSeconds());
        case SECONDS -> new Rate(rate.average(), rate.burst(), value);
      };
    }
  }

  private QomProperty single(String property, RateKind kind, Part part) {
    return QomProperty.number(
        property,
        "int",
        () -> part.of(config().rate(kind)),
        (in, name) -> {
          long value = value(in, name);
          if (part == Part.SECONDS && value > MAX_SECONDS) {
            throw QmpException.generic(
                name + " value must be in therange [0, " + MAX_SECONDS + "]");
          }
          config = config.with(kind, part.with(config.rate(kind), value));
        });
  }

  private long value(InputVisitor in, String name) throws QmpException {
    if (group != null) {
      throw QmpException.generic("Property cannot be set after initialization");
    }
    long value = in.integer(name);
    if (value < 0) {
      throw QmpException.generic("Property values cannot be negative");
    }
    return value;
  }

  private void setLimits(InputVisitor in, String name) throws QmpException, BlockException {
    ThrottleLimits limits = ThrottleLimits.decode(in, name);
    ThrottleConfig changed = merged(config(), limits);
    changed.check();
    config = changed;
    ThrottleGroup current = group;
    if (current != null) {
      current.configure(changed);
    }
  }

  private static ThrottleConfig merged(ThrottleConfig before, ThrottleLimits limits)
      throws QmpException {
    ThrottleConfig config = before;
    for (RateKind kind : RateKind.values()) {
      ThrottleTexts.Given given = ThrottleTexts.given(limits, kind);
      Rate old = config.rate(kind);
      Optional<Long> seconds = given.seconds();
      if (seconds.isPresent() && seconds.get() > MAX_SECONDS) {
        throw QmpException.generic(
            ThrottleTexts.name(kind)
                + "-max-length value must be in the range [0, "
                + MAX_SECONDS
                + "]");
      }
      config =
          config.with(
              kind,
              new Rate(
                  given.average().orElse(old.average()),
                  given.burst().orElse(old.burst()),
                  seconds.orElse(old.burstSeconds())));
    }
    return config.withRequestBytes(limits.iopsSize().orElse(config.requestBytes()));
  }

  /** What is in force: others change it, too. */
  private ThrottleConfig config() {
    ThrottleGroup current = group;
    return current == null ? config : current.config();
  }

  @Override
  protected void complete() throws BlockException {
    if (groups.find(name()) != null) {
      throw BlockException.invalid("A group with this name already exists");
    }
    config.check();
    ThrottleGroup made = groups.create(name());
    made.configure(config);
    group = made;
  }

  @Override
  protected boolean inUse() {
    ThrottleGroup current = group;
    return current != null && groups.shared(current);
  }

  @Override
  protected void dispose() {
    ThrottleGroup current = group;
    if (current != null) {
      groups.release(current);
    }
  }
}
