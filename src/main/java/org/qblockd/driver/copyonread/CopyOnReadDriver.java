// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.copyonread;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.CopyOnReadOps;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsCor;

/**
 * The driver {@code copy-on-read}: what is read from the backing chain is stored in the image.
 * Control lane.
 */
public final class CopyOnReadDriver implements BlockDriver {
  private static final String BOTTOM = "bottom";

  @Override
  public String name() {
    return "copy-on-read";
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("file", Kind.CHILD), RuntimeOption.of(BOTTOM, Kind.TEXT));
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.CopyOnRead copyOnRead)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsCor options = copyOnRead.data();
    Child file = request.openChild("file", ChildRole.FILTERED | ChildRole.PRIMARY, options.file());
    if (options.bottom().isEmpty()) {
      return new CopyOnReadOps(file);
    }
    BlockNode bottom = bottom(request, options.bottom().get());
    return new CopyOnReadOps(file, request.node(), bottom);
  }

  private static BlockNode bottom(OpenRequest request, String name) throws BlockException {
    BlockNode bottom = request.node(name);
    if (bottom == null) {
      throw BlockException.invalid("Bottom node '" + name + "' not found");
    }
    if (bottom.ejected()) {
      throw BlockException.invalid("Bottom node '" + name + "' not opened");
    }
    if (bottom.filtered() != null) {
      throw BlockException.invalid("Bottom node '" + name + "' is a filter");
    }
    return bottom;
  }
}
