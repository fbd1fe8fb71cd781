// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vpc;

import java.nio.ByteBuffer;
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

/** The driver {@code vpc}: images of Virtual PC, VHD, only for reading. Control lane. */
public final class VpcDriver implements BlockDriver {
  @Override
  public String name() {
    return "vpc";
  }

  @Override
  public int probe(ByteBuffer head, String filename) {
    return VpcFooter.hasCookie(head) ? 100 : 0;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("file", Kind.CHILD));
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Vpc branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    Child file = request.openChild("file", ChildRole.IMAGE, branch.data().file());
    VpcFooter footer = VpcFooter.read(file);
    VpcTable table = footer.fixed() ? VpcTable.NONE : VpcTable.read(file, footer);
    request.fallBackToReadOnly("vpc images can only be read here");
    return new VpcOps(file, footer, table);
  }
}
