// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.snapshotaccess;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;

/**
 * The driver {@code snapshot-access}: shows what the child, a copy-before-write filter, saved.
 * Control lane.
 */
public final class SnapshotAccessDriver implements BlockDriver {
  @Override
  public String name() {
    return "snapshot-access";
  }

  @Override
  public boolean isFormat() {
    return false;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("file", Kind.CHILD));
  }

  @Override
  public boolean namedAsFile() {
    return true;
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.SnapshotAccess branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    int role = ChildRole.DATA | ChildRole.PRIMARY;
    Child file = request.openChild("file", role, branch.data().file());
    return new SnapshotAccessOps(file, file.length());
  }
}
