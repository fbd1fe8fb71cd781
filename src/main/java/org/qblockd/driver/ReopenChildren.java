// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.GraphTransaction;
import org.qblockd.block.Perms;
import org.qblockd.qapi.options.OptionMap;

/** Gives nodes that are reopened another backing file or file. Used once, on the control lane. */
final class ReopenChildren {
  private final BlockGraph graph;
  private final FileNames names;
  private final GraphTransaction edges;
  private final Set<BlockNode> changed;
  private final List<ReopensOptions> overOtherFile = new ArrayList<>();

  /**
   * The changes of one reopen.
   *
   * @param edges undoes them
   * @param changed takes the nodes whose permissions are to be worked out anew
   */
  ReopenChildren(
      BlockGraph graph, FileNames names, GraphTransaction edges, Set<BlockNode> changed) {
    this.graph = graph;
    this.names = names;
    this.edges = edges;
    this.changed = changed;
  }

  /** Takes the option {@code backing} or {@code file} out of {@code rest} and obeys it. */
  void change(BlockNode node, BlockDriver driver, OptionMap rest, boolean backing)
      throws BlockException {
    String edge = backing ? "backing" : "file";
    changed.add(node);
    if (!rest.has(edge)) {
      return;
    }
    BlockNode target = rest.isNull(edge) ? null : find(node, rest.text(edge), edge);
    rest.remove(edge);
    Child current = backing ? node.backing() : node.child(edge);
    BlockNode old = current == null ? null : current.node();
    if (old == target || (old != null && shown(old) == target)) {
      return;
    }
    check(node, driver, current, edge, backing);
    move(node, current, target, edge);
  }

  /** Lets the drivers whose file is another one now read it. */
  void readOtherFiles() throws BlockException {
    for (ReopensOptions driver : overOtherFile) {
      driver.afterOtherFile();
    }
  }

  private BlockNode find(BlockNode node, @Nullable String name, String edge) throws BlockException {
    BlockNode target = graph.lookup(null, name);
    if (BlockGraph.reaches(target, node)) {
      throw BlockException.invalid(
          "Making '%s' a %s child of '%s' would create a cycle".formatted(name, edge, node.name()));
    }
    return target;
  }

  private static BlockNode shown(BlockNode node) {
    BlockNode shown = node;
    Child below = node.filteredOrBacking();
    while (shown.implicit() && below != null) {
      shown = below.node();
      below = shown.filteredOrBacking();
    }
    return shown;
  }

  private static void check(
      BlockNode node, BlockDriver driver, @Nullable Child current, String edge, boolean backing)
      throws BlockException {
    if (current != null && current.node().implicit()) {
      throw BlockException.of(
          Errno.EPERM, "Cannot replace implicit " + edge + " child of " + node.name());
    }
    if (driver.isFilter() && current == null) {
      throw BlockException.invalid(
          "'%s' is a %s filter node that does not support a %s child"
              .formatted(node.name(), driver.name(), edge));
    }
    if (current != null && current.frozen()) {
      throw BlockException.of(
          Errno.EPERM,
          "Cannot change frozen '%s' link from '%s' to '%s'"
              .formatted(current.name(), node.name(), current.node().name()));
    }
    if (backing && !driver.isFilter() && !driver.supportsBacking()) {
      throw BlockException.invalid(
          "Driver '%s' of node '%s' does not support backing files"
              .formatted(driver.name(), node.name()));
    }
    if (!backing && current == null) {
      throw BlockException.invalid("Cannot set file child to format node without file child");
    }
  }

  private void move(
      BlockNode node, @Nullable Child current, @Nullable BlockNode target, String edge)
      throws BlockException {
    if (current == null) {
      if (target != null) {
        graph.attach(edges, node, edge, ChildRole.COW, target, Perms.NONE);
      }
      return;
    }
    BlockNode old = current.node();
    changed.add(old);
    ReopensOptions driver = node.capability(ReopensOptions.class);
    if (edge.equals("file") && driver != null) {
      driver.beforeOtherFile();
      overOtherFile.add(driver);
    }
    if (target == null) {
      graph.detach(edges, current);
    } else {
      graph.retarget(edges, current, target);
      edges.onCommit(() -> graph.closeIfUnused(old));
    }
    edges.onCommit(() -> {
      if (names.inherits(old, node)) {
        names.setInherits(old, null);
      }
    });
  }
}
