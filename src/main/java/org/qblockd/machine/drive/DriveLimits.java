// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.throttle.ThrottleConfig;
import org.qblockd.block.throttle.ThrottleGroup;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.block.throttle.ThrottleMember;

/** Gives the requests of drives limits, and takes them away. Control lane. */
public final class DriveLimits {
  private final BlockGraph graph;
  private final ThrottleGroups groups;

  /** Limits by these groups. */
  public DriveLimits(BlockGraph graph, ThrottleGroups groups) {
    this.graph = graph;
    this.groups = groups;
  }

  /**
   * Sets the limits of a drive, which are then those of its whole group.
   *
   * @param config limits that have been checked; without any the drive leaves its group
   * @param group the group to be in; null for the one it is in
   * @param otherwise the group when it is in none and {@code group} is null
   */
  public void set(
      BlockBackend backend, ThrottleConfig config, @Nullable String group, String otherwise)
      throws BlockException {
    if (!config.limited()) {
      leave(backend);
      return;
    }
    ThrottleGroup now = groupOf(backend);
    if (now != null && group != null && !group.equals(now.name())) {
      leave(backend);
      now = null;
    }
    ThrottleGroup joined = now;
    if (joined == null) {
      joined = groups.use(group == null ? otherwise : group);
      backend.newThrottle().join(joined);
    }
    joined.configure(config);
    ThrottleMember member = backend.throttle();
    if (member != null) {
      member.retry();
    }
  }

  /** The group of a drive, or null. */
  public static @Nullable ThrottleGroup groupOf(BlockBackend backend) {
    ThrottleMember member = backend.throttle();
    return member == null ? null : member.group();
  }

  private void leave(BlockBackend backend) throws BlockException {
    if (backend.throttle() == null) {
      return;
    }
    BlockNode node = backend.node();
    if (node == null) {
      backend.removeThrottle();
      return;
    }
    BlockNode unused =
        graph.drained(
            node,
            () -> {
              backend.removeThrottle();
              return node;
            });
  }
}
