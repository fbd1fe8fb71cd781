// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;

/**
 * Makes an open node, and the children that store its data, read-only or writable. The backing file
 * stays as it is. Control lane; the node is drained.
 */
public final class ReadOnlySwitch {
  private ReadOnlySwitch() {}

  /**
   * Switches the node. All or nothing.
   *
   * @throws BlockException why a driver cannot
   */
  public static void set(BlockGraph graph, BlockNode node, boolean readOnly) throws BlockException {
    List<BlockNode> stack = new ArrayList<>();
    collect(node, stack);
    List<BlockNode> order = readOnly ? stack : stack.reversed();
    List<Reopens> prepared = new ArrayList<>();
    try {
      for (BlockNode each : order) {
        Reopens driver = each.capability(Reopens.class);
        if (driver != null && each.readOnly() != readOnly) {
          driver.prepareReopen(readOnly);
          prepared.add(driver);
        }
      }
    } catch (BlockException refused) {
      for (Reopens driver : prepared.reversed()) {
        driver.abortReopen();
      }
      throw refused;
    }
    for (Reopens driver : prepared) {
      driver.commitReopen();
    }
    for (BlockNode each : order) {
      each.setOptions(each.options().withReadOnly(readOnly));
    }
    graph.refresh(node);
  }

  /** The node, then what stores its data, from above to below. */
  private static void collect(BlockNode node, List<BlockNode> stack) {
    stack.add(node);
    for (Child child : node.children()) {
      if ((child.role() & (ChildRole.DATA | ChildRole.METADATA | ChildRole.FILTERED)) != 0) {
        collect(child.node(), stack);
      }
    }
  }
}
