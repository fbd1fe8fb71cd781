// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;

/** The groups by name. Each lives as long as something uses it. Control lane. */
public final class ThrottleGroups {
  private final Clock clock;
  private final Map<String, ThrottleGroup> groups = new HashMap<>();

  /** Whether limits do not count for now. */
  private volatile boolean suspended;

  /** Groups whose limits run on this clock. */
  public ThrottleGroups(Clock clock) {
    this.clock = clock;
  }

  /**
   * Lets every request go on while a command waits for one of them on a clock that only a further
   * command could move. On the control lane.
   */
  public void suspend(boolean stop) {
    suspended = stop;
    if (stop) {
      groups.values().forEach(ThrottleGroup::restartAll);
    }
  }

  /** Whether limits do not count for now. Any thread. */
  boolean suspended() {
    return suspended;
  }

  /** The group of this name, or null. */
  public @Nullable ThrottleGroup find(String name) {
    return groups.get(name);
  }

  /**
   * Makes a group and uses it.
   *
   * @throws BlockException when there is one of this name
   */
  public ThrottleGroup create(String name) throws BlockException {
    if (groups.containsKey(name)) {
      throw BlockException.invalid("A group with this name already exists");
    }
    return use(name);
  }

  /** Uses the group of this name, which is made if there is none. */
  public ThrottleGroup use(String name) {
    ThrottleGroup group = groups.computeIfAbsent(name, n -> new ThrottleGroup(n, clock, this));
    group.addUsers(1);
    return group;
  }

  /** Gives back one {@link #use}. */
  public void release(ThrottleGroup group) {
    group.addUsers(-1);
    if (group.users() == 0) {
      groups.remove(group.name());
    }
  }

  /** Whether more than one use the group. */
  public boolean shared(ThrottleGroup group) {
    return group.users() > 1;
  }
}
