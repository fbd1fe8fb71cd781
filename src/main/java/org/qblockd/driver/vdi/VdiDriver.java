// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vdi;

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

/** The driver {@code vdi}: images of VirtualBox, only for reading. Control lane. */
public final class VdiDriver implements BlockDriver {
  @Override
  public String name() {
    return "vdi";
  }

  @Override
  public int probe(ByteBuffer head, String filename) {
    return VdiHeader.hasSignature(head) ? 100 : 0;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("file", Kind.CHILD));
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Vdi branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    Child file = request.openChild("file", ChildRole.IMAGE, branch.data().file());
    VdiHeader header = VdiHeader.read(file);
    int[] map = header.readMap(file);
    request.fallBackToReadOnly("vdi images can only be read here");
    return new VdiOps(file, header, map);
  }
}
