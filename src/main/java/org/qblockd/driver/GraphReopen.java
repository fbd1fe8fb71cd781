// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.GraphTransaction;
import org.qblockd.block.HasBackingFile;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.PermissionUpdate;
import org.qblockd.qapi.options.OptionMap;

/**
 * Gives open nodes other options and other children, several at once, all or nothing. Control lane,
 * while all nodes are drained. Rules and sentences are those of QEMU's blockdev-reopen.
 */
public final class GraphReopen {
  private final BlockGraph graph;
  private final FileNames names;
  private final ReopenQueue queue;

  /** A reopen of nodes that {@code opener} has opened; used once. */
  public GraphReopen(NodeOpener opener) {
    this.graph = opener.graph();
    this.names = opener.fileNames();
    this.queue = new ReopenQueue(names);
  }

  /**
   * The node is to have these options.
   *
   * @param keepOld whether options that are not given stay as they are, instead of being reset
   */
  public void add(BlockNode node, OptionMap options, boolean keepOld) {
    queue.add(node, options, keepOld);
  }

  /** Changes all nodes that were added, or none. */
  public void run() throws BlockException {
    flush();
    GraphTransaction edges = new GraphTransaction();
    Set<BlockNode> changed = new LinkedHashSet<>();
    List<ReopenState> prepared = new ArrayList<>();
    ReopenChildren children = new ReopenChildren(graph, names, edges, changed);
    try {
      for (ReopenState state : queue.states()) {
        // Listed before it is ready: what it has prepared is undone in any case.
        prepared.add(state);
        prepare(state, children);
      }
      Set<BlockNode> closing = new HashSet<>();
      for (ReopenState state : queue.states()) {
        if (state.next().readOnly() && !state.node.readOnly()) {
          closing.add(state.node);
        }
        setOptions(state, edges);
      }
      PermissionUpdate.check(edges, changed, closing);
    } catch (BlockException refused) {
      prepared.reversed().forEach(ReopenState::abortDriver);
      edges.abort();
      throw refused;
    }
    commit(edges, changed, children);
  }

  private void flush() throws BlockException {
    for (ReopenState state : queue.states()) {
      try {
        state.node.flush();
      } catch (BlockException failed) {
        throw BlockException.withErrno(failed.errno(), "Error flushing drive");
      }
    }
  }

  private static void setOptions(ReopenState state, GraphTransaction edges) {
    NodeOptions before = state.node.options();
    state.node.setOptions(state.next());
    edges.onAbort(() -> state.node.setOptions(before));
  }

  /** Children first; a host lock that somebody else holds can still turn all back. */
  private void commit(GraphTransaction edges, Set<BlockNode> changed, ReopenChildren children)
      throws BlockException {
    List<ReopenState> childrenFirst = queue.states().reversed();
    childrenFirst.forEach(ReopenState::commitDriver);
    try {
      PermissionUpdate.refresh(edges, changed);
      children.readOtherFiles();
    } catch (BlockException refused) {
      edges.abort();
      for (ReopenState state : queue.states()) {
        state.revertDriver(state.node.options());
      }
      children.readOtherFiles();
      throw refused;
    }
    for (ReopenState state : childrenFirst) {
      names.reopened(state.node, state.options, state.explicit);
    }
    edges.commit();
    childrenFirst.forEach(ReopenState::reopened);
  }

  // ---- one node -------------------------------------------------------------------------------

  private void prepare(ReopenState state, ReopenChildren children) throws BlockException {
    BlockNode node = state.node;
    OptionMap rest = state.options.copy();
    state.setNext(CommonOptions.takeForReopen(rest, node.options()));
    BlockDriver driver = names.driverIfOpened(node);
    if (driver == null || !driver.reopens()) {
      throw BlockException.invalid(
          "Block format '%s' used by node '%s' does not support reopening files"
              .formatted(node.driver(), node.displayName()));
    }
    OptionMap old = names.ownOptions(node);
    refuseReset(driver, old, state.options);
    state.prepare(driver);
    for (String name : rest.namesInOrder()) {
      if (isMutable(driver, name)) {
        rest.remove(name);
      }
    }
    if (driver.supportsBacking() && state.backingMissing && hasBacking(node)) {
      throw BlockException.invalid("backing is missing for '" + node.name() + "'");
    }
    children.change(node, driver, rest, true);
    children.change(node, driver, rest, false);
    refuseChanges(node, old, rest);
  }

  private static boolean hasBacking(BlockNode node) {
    HasBackingFile image = node.capability(HasBackingFile.class);
    String named = image == null ? null : image.backingFile();
    return node.backing() != null || (named != null && !named.isEmpty());
  }

  private static boolean isMutable(BlockDriver driver, String name) {
    for (String option : driver.mutableOptions()) {
      if (option.endsWith(".") ? name.startsWith(option) : name.equals(option)) {
        return true;
      }
    }
    return false;
  }

  private static void refuseReset(BlockDriver driver, OptionMap old, OptionMap next)
      throws BlockException {
    for (String name : old.namesInOrder()) {
      boolean may =
          next.has(name)
              || CommonOptions.CHANGEABLE.contains(name)
              || name.equals(CommonOptions.DRIVE_AIO)
              || isMutable(driver, name);
      if (!may) {
        throw BlockException.invalid("Option '" + name + "' cannot be reset to its default value");
      }
    }
  }

  /** What nobody has taken must be as before; a child may be named if it is there already. */
  private static void refuseChanges(BlockNode node, OptionMap old, OptionMap rest)
      throws BlockException {
    for (String name : rest.namesInOrder()) {
      Child child = node.child(name);
      boolean sameChild = child != null && child.node().name().equals(rest.string(name));
      if (!sameChild && !rest.sameValue(name, old)) {
        throw BlockException.invalid("Cannot change the option '" + name + "'");
      }
    }
  }
}
