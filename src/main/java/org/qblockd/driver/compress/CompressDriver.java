// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.compress;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.WritesCompressed;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;

/** The driver {@code compress}: what is written is stored compressed. Control lane. */
public final class CompressDriver implements BlockDriver {
  @Override
  public String name() {
    return "compress";
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("file", Kind.CHILD));
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Compress branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    int role = ChildRole.FILTERED | ChildRole.PRIMARY;
    Child file = request.openChild("file", role, branch.data().file());
    BlockNode below = file.node();
    if (below.capability(WritesCompressed.class) == null) {
      throw BlockException.of(
          Errno.ENOTSUP, "Compression is not supported for underlying format: " + below.driver());
    }
    ReportsImageInfo image = below.capability(ReportsImageInfo.class);
    int cluster = image == null ? 0 : image.imageFacts().clusterSize();
    return new CompressOps(file, Math.max(1, cluster));
  }
}
