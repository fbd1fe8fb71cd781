// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.Empties;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BackingFiles;
import org.qblockd.driver.replication.ReplicationOps;

/**
 * A secondary's chain: active disk over hidden disk over secondary disk. Control lane. Checks and
 * sentences are QEMU's.
 */
final class SecondaryChain {
  private final BlockGraph graph;
  private final ReplicationOps ops;
  private final BlockNode active;
  private final BlockNode hidden;
  private final BlockNode disk;
  private final boolean hiddenReadOnly;
  private final boolean diskReadOnly;
  private @Nullable Child hiddenEdge;
  private @Nullable Child diskEdge;

  private SecondaryChain(
      BlockGraph graph, ReplicationOps ops, BlockNode active, BlockNode hidden, BlockNode disk) {
    this.graph = graph;
    this.ops = ops;
    this.active = active;
    this.hidden = hidden;
    this.disk = disk;
    this.hiddenReadOnly = hidden.readOnly();
    this.diskReadOnly = disk.readOnly();
  }

  /** The chain below the node; nothing is changed. */
  static SecondaryChain find(BlockGraph graph, ReplicationOps ops) throws BlockException {
    BlockNode active = ops.file().node();
    BlockNode hidden = below(active, "Active disk doesn't have backing file");
    BlockNode disk = below(hidden, "Hidden disk doesn't have backing file");
    boolean shared = ops.role().shared();
    if (!shared && !hasBackend(disk)) {
      throw BlockException.invalid("The secondary disk doesn't have block backend");
    }
    checkLengths(active, hidden, disk);
    if (active.capability(Empties.class) == null || hidden.capability(Empties.class) == null) {
      throw BlockException.invalid("Active disk or hidden disk doesn't support make_empty");
    }
    if (ops.node().readOnly()) {
      throw BlockException.invalid("Node '" + ops.node().name() + "' is read-only");
    }
    return new SecondaryChain(graph, ops, active, hidden, disk);
  }

  private static BlockNode below(BlockNode node, String refusal) throws BlockException {
    Child backing = node.backing();
    if (backing == null) {
      throw BlockException.invalid(refusal);
    }
    return backing.node();
  }

  private static boolean hasBackend(BlockNode node) {
    return node.parents().stream().anyMatch(edge -> edge.parent() instanceof BlockBackend);
  }

  private static void checkLengths(BlockNode active, BlockNode hidden, BlockNode disk)
      throws BlockException {
    boolean same;
    try {
      long length = active.length();
      same = hidden.length() == length && disk.length() == length;
    } catch (BlockException unknown) {
      same = false;
    }
    if (!same) {
      throw BlockException.invalid(
          "Active disk, hidden disk, secondary disk's length are not the same");
    }
  }

  BlockNode active() {
    return active;
  }

  BlockNode hidden() {
    return hidden;
  }

  BlockNode disk() {
    return disk;
  }

  // ---- start ----------------------------------------------------------------------------------

  /** The hidden disk and the secondary disk are written while replication runs. */
  void makeWritable() throws BlockException {
    setReadOnly(hidden, hiddenReadOnly, false);
    if (!ops.role().shared()) {
      try {
        setReadOnly(disk, diskReadOnly, false);
      } catch (BlockException refused) {
        restoreReadOnly();
        throw refused;
      }
    }
  }

  private void setReadOnly(BlockNode node, boolean before, boolean wanted) throws BlockException {
    if (before && node.readOnly() != wanted && !node.ejected()) {
      BackingFiles.setReadOnly(graph, node, wanted);
    }
  }

  /** After a failed failover this side writes to a shared disk, too. */
  void takeSharedDisk() throws BlockException {
    if (disk.readOnly()) {
      BackingFiles.setReadOnly(graph, disk, false);
    }
    graph.refresh(ops.node());
  }

  /** Undoes {@link #makeWritable} where nobody writes any more. */
  void restoreReadOnly() {
    for (BlockNode node : new BlockNode[] {hidden, disk}) {
      try {
        setReadOnly(node, node == hidden ? hiddenReadOnly : diskReadOnly, true);
      } catch (BlockException inUse) {
        // As in QEMU it stays writable while the replication node itself holds it.
        assert !node.readOnly();
      }
    }
  }

  /** Holds the hidden disk and the secondary disk by edges of the node's own. */
  void attach() throws BlockException {
    hiddenEdge = graph.attach(ops.node(), "hidden disk", ChildRole.DATA, hidden, Perms.NONE);
    diskEdge =
        graph.attach(ops.node(), ReplicationOps.SECONDARY_DISK, ChildRole.DATA, disk, Perms.NONE);
  }

  /** Lets both go. */
  void detach() {
    Child first = hiddenEdge;
    Child second = diskEdge;
    hiddenEdge = null;
    diskEdge = null;
    if (first != null) {
      graph.detach(first);
    }
    if (second != null) {
      graph.detach(second);
    }
  }

  /** The node that top-id names: a root, above or at the replication node. */
  BlockNode checkedTop() throws BlockException {
    String id = ops.role().topId();
    BlockNode top;
    try {
      top = graph.lookup(id, id);
    } catch (BlockException unknown) {
      throw BlockException.of(Errno.EINVAL, "No top_bs or it is invalid");
    }
    boolean root = top.parents().stream().allMatch(edge -> edge.parent() instanceof BlockBackend);
    if (!root || !BlockGraph.reaches(top, ops.node())) {
      throw BlockException.invalid("No top_bs or it is invalid");
    }
    return top;
  }

  /** Where a failed failover divides writes. */
  ReplicationOps.Buffers buffers() {
    Child below = diskEdge;
    if (below == null) {
      throw new IllegalStateException("not attached");
    }
    return new ReplicationOps.Buffers(ops.file(), below);
  }
}
