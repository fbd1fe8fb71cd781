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

  /** Groups whose limits run on this clock. */
  public ThrottleGroups(Clock clock) {
    this.clock = clock;
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
