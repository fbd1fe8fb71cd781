// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Changes options of an open node, and of the nodes below that were opened together with it: those
 * that a client opened by itself keep theirs. A backing file stays read-only. Control lane; the
 * node is drained.
 */
public final class NodeReopen {
  private static final int WRITING =
      Permission.WRITE | Permission.WRITE_UNCHANGED | Permission.RESIZE;

  /**
   * What changes; null for what stays.
   *
   * @param readOnly whether writes are refused
   * @param cacheDirect whether the host's page cache is bypassed
   * @param cacheNoFlush whether flushes are not passed on
   */
  public record Change(
      @Nullable Boolean readOnly, @Nullable Boolean cacheDirect, @Nullable Boolean cacheNoFlush) {
    /** Only makes the node read-only or writable. */
    public static Change ofReadOnly(boolean readOnly) {
      return new Change(readOnly, null, null);
    }

    private NodeOptions applied(NodeOptions before) {
      return new NodeOptions(
          readOnly == null ? before.readOnly() : readOnly,
          before.autoReadOnly(),
          cacheDirect == null ? before.cacheDirect() : cacheDirect,
          cacheNoFlush == null ? before.cacheNoFlush() : cacheNoFlush,
          before.discardUnmap(),
          before.detectZeroes(),
          before.forceShare());
    }
  }

  private record Step(BlockNode node, NodeOptions options) {}

  private NodeReopen() {}

  /**
   * Changes the node. All or nothing.
   *
   * @throws BlockException why a driver or a parent does not allow it
   */
  public static void apply(BlockGraph graph, BlockNode node, Change change) throws BlockException {
    boolean closing = Boolean.TRUE.equals(change.readOnly());
    if (closing && !node.readOnly()) {
      checkNobodyWrites(node);
    }
    List<Step> steps = new ArrayList<>();
    collect(node, change, steps);
    if (!closing) {
      // What is below must be writable before what is above begins to write.
      steps = steps.reversed();
    }
    List<Reopens> prepared = prepared(steps);
    for (Reopens driver : prepared) {
      driver.commitReopen();
    }
    for (Step step : steps) {
      step.node.setOptions(step.options);
    }
    graph.refresh(node);
    for (Reopens driver : prepared) {
      driver.reopened();
    }
  }

  private static List<Reopens> prepared(List<Step> steps) throws BlockException {
    List<Reopens> prepared = new ArrayList<>();
    try {
      for (Step step : steps) {
        Reopens driver = step.node.capability(Reopens.class);
        if (driver != null && !step.options.equals(step.node.options())) {
          driver.prepareReopen(step.options);
          prepared.add(driver);
        }
      }
      return prepared;
    } catch (BlockException refused) {
      for (Reopens driver : prepared.reversed()) {
        driver.abortReopen();
      }
      throw refused;
    }
  }

  private static void checkNobodyWrites(BlockNode node) throws BlockException {
    for (Child parent : node.parents()) {
      if ((parent.perms().used() & WRITING) != 0) {
        throw BlockException.of(Errno.EPERM, "Block node is read-only");
      }
    }
  }

  /** The node, then what was opened with it, from above to below. */
  private static void collect(BlockNode node, Change change, List<Step> steps) {
    steps.add(new Step(node, change.applied(node.options())));
    Change below = new Change(null, change.cacheDirect(), change.cacheNoFlush());
    int data = ChildRole.DATA | ChildRole.METADATA | ChildRole.FILTERED;
    for (Child child : node.children()) {
      if (!child.node().monitorOwned()) {
        collect(child.node(), (child.role() & data) == 0 ? below : change, steps);
      }
    }
  }
}
