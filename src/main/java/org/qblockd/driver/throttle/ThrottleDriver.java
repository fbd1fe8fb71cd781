// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.throttle;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsThrottle;

/** The driver {@code throttle}: requests wait for the limits of a group. Control lane. */
public final class ThrottleDriver implements BlockDriver {
  private static final String GROUP = "throttle-group";

  private final ThrottleGroups groups;

  /** The driver for these groups. */
  public ThrottleDriver(ThrottleGroups groups) {
    this.groups = groups;
  }

  @Override
  public String name() {
    return "throttle";
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("file", Kind.CHILD), RuntimeOption.of(GROUP, Kind.TEXT));
  }

  @Override
  public List<String> strongOptions() {
    return List.of(GROUP);
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public List<String> mutableOptions() {
    return List.of(GROUP);
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Throttle throttle)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsThrottle options = throttle.data();
    Child file = request.openChild("file", ChildRole.FILTERED | ChildRole.PRIMARY, options.file());
    String name = options.throttleGroup();
    if (groups.find(name) == null) {
      throw BlockException.invalid("Throttle group '" + name + "' does not exist");
    }
    return new ThrottleOps(file, groups, groups.use(name));
  }
}
