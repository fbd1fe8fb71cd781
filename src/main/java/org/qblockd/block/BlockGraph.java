// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.Collection;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.ControlLane;

/**
 * All nodes and backends of the server, and the only place where edges change. Control lane, except
 * where said otherwise.
 */
public final class BlockGraph {
  private final ControlLane lane;
  private final BufferPool buffers;
  private final NodeNames names;
  private final Drain drain;
  private final NodeThreads threads = new NodeThreads();
  private NodeOrigins origins = NodeOrigins.NONE;

  /**
   * An empty graph.
   *
   * @param twoRandomDigits gives 0 to 99, the end of generated node names
   */
  public BlockGraph(ControlLane lane, BufferPool buffers, IntSupplier twoRandomDigits) {
    this.lane = lane;
    this.buffers = buffers;
    this.names = new NodeNames(twoRandomDigits);
    this.drain = new Drain(lane);
  }

  /** The lane that this graph belongs to. */
  public ControlLane lane() {
    return lane;
  }

  /** The buffers for I/O. */
  public BufferPool buffers() {
    return buffers;
  }

  /** To which I/O thread each node belongs. */
  public NodeThreads threads() {
    return threads;
  }

  /** Tells who opened the nodes. */
  public void setOrigins(NodeOrigins newOrigins) {
    origins = newOrigins;
  }

  /** Who opened the nodes. */
  public NodeOrigins origins() {
    return origins;
  }

  // ---- names ----------------------------------------------------------------------------------

  /** All nodes, oldest first. */
  public Collection<BlockNode> nodes() {
    return List.copyOf(names.nodes());
  }

  /** The node with this name, or null. */
  public @Nullable BlockNode node(String name) {
    return names.node(name);
  }

  /** All backends, named and anonymous, oldest first. */
  public List<BlockBackend> backends() {
    return List.copyOf(names.backends());
  }

  /** The named backend, or null. */
  public @Nullable BlockBackend backend(String name) {
    return names.backend(name);
  }

  /** The node behind a backend's name or with this node name. */
  public BlockNode lookup(@Nullable String device, @Nullable String nodeName)
      throws BlockException {
    return names.lookup(device, nodeName);
  }

  /**
   * A new node without a driver's side; the caller opens it and calls {@link BlockNode#opened}.
   *
   * @param name the node name, or null for a generated one
   */
  public BlockNode createNode(@Nullable String name, String driver, NodeOptions options)
      throws BlockException {
    lane.check();
    BlockNode node = new BlockNode(names.choose(name), driver, options, buffers);
    node.io().tracker().onIdle(drain::kick);
    names.add(node);
    return node;
  }

  void addBackend(BlockBackend backend) {
    names.add(backend);
  }

  void removeBackend(BlockBackend backend) {
    names.remove(backend);
  }

  // ---- edges ----------------------------------------------------------------------------------

  /** Attaches {@code node} under {@code parent} and updates permissions; all or nothing. */
  public Child attach(Parent parent, String edge, int role, BlockNode node, Perms perms)
      throws BlockException {
    GraphTransaction transaction = new GraphTransaction();
    try {
      Child child = attach(transaction, parent, edge, role, node, perms);
      refresh(transaction, parent.asNode() == null ? node : parent.asNode());
      transaction.commit();
      return child;
    } catch (BlockException refused) {
      transaction.abort();
      throw refused;
    }
  }

  /** Attaches without updating permissions; the transaction undoes it. */
  public Child attach(
      GraphTransaction transaction,
      Parent parent,
      String edge,
      int role,
      BlockNode node,
      Perms perms)
      throws BlockException {
    lane.check();
    BlockNode above = parent.asNode();
    Activation.checkAttach(above, edge, node);
    if (above != null && reaches(node, above)) {
      throw BlockException.invalid(
          "Making '%s' a %s child of '%s' would create a cycle"
              .formatted(node.name(), edge, above.name()));
    }
    Child child = new Child(edge, role, parent, node, perms);
    link(child, -1);
    transaction.onAbort(() -> unlink(child));
    threads.joined(transaction, child);
    return child;
  }

  /** Takes the edge away, updates permissions and closes what nobody uses any more. */
  public void detach(Child child) {
    lane.check();
    BlockNode node = child.node();
    unlink(child);
    loosened(node);
    threads.left(node);
    closeIfUnused(node);
  }

  /** Takes the edge away; the transaction undoes it. Permissions are not updated. */
  public void detach(GraphTransaction transaction, Child child) {
    lane.check();
    int index = unlink(child);
    transaction.onAbort(() -> link(child, index));
    BlockNode node = child.node();
    transaction.onCommit(() -> closeIfUnused(node));
  }

  /** Lets the edge point to another node; the transaction undoes it. */
  public void retarget(GraphTransaction transaction, Child child, BlockNode target) {
    lane.check();
    BlockNode old = child.node();
    move(child, target);
    transaction.onAbort(() -> move(child, old));
  }

  /**
   * Moves the parents of {@code from} to {@code to}, except those that stay at their node and those
   * that lie above {@code from} as seen from {@code to}.
   */
  public void replace(GraphTransaction transaction, BlockNode from, BlockNode to)
      throws BlockException {
    for (Child parent : List.copyOf(from.parents())) {
      BlockNode above = parent.parent().asNode();
      boolean ownEdge = above != null && (above == to || reaches(to, above));
      if (!parent.parent().staysAtNode() && !ownEdge) {
        FrozenChain.checkMovable(parent);
        retarget(transaction, parent, to);
      }
    }
  }

  /**
   * Puts {@code filter}, which has no parents yet, over {@code node}: attaches the node as its
   * child and moves the node's parents to it. All or nothing.
   */
  public Child insertFilter(BlockNode filter, BlockNode node, String edge, int role)
      throws BlockException {
    GraphTransaction transaction = new GraphTransaction();
    return drained(
        node,
        () -> {
          try {
            Child child = attach(transaction, filter, edge, role, node, Perms.NONE);
            replace(transaction, node, filter);
            refresh(transaction, filter);
            transaction.commit();
            return child;
          } catch (BlockException refused) {
            transaction.abort();
            throw refused;
          }
        });
  }

  /** Updates the permissions of these nodes and all below; the transaction undoes it. */
  public void refresh(GraphTransaction transaction, BlockNode... changed) throws BlockException {
    PermissionUpdate.refresh(transaction, List.of(changed));
  }

  /** Updates permissions at once, or changes nothing. */
  public void refresh(BlockNode changed) throws BlockException {
    GraphTransaction transaction = new GraphTransaction();
    try {
      refresh(transaction, changed);
      transaction.commit();
    } catch (BlockException refused) {
      transaction.abort();
      throw refused;
    }
  }

  /** Sets what an edge needs and shares, or changes nothing. */
  public void setPerms(Child child, Perms perms) throws BlockException {
    lane.check();
    GraphTransaction transaction = new GraphTransaction();
    try {
      PermissionUpdate.set(transaction, child, perms);
      refresh(transaction, child.node());
      transaction.commit();
    } catch (BlockException refused) {
      transaction.abort();
      throw refused;
    }
  }

  /** Whether {@code target} is {@code from} or lies below it. */
  public static boolean reaches(BlockNode from, BlockNode target) {
    if (from == target) {
      return true;
    }
    for (Child child : from.children()) {
      if (reaches(child.node(), target)) {
        return true;
      }
    }
    return false;
  }

  // ---- life -----------------------------------------------------------------------------------

  /** Closes the node and what only it uses, if it has no parents and no monitor owns it. */
  public void closeIfUnused(BlockNode node) {
    lane.check();
    if (node.parents().isEmpty() && !node.monitorOwned() && names.node(node.name()) == node) {
      close(node);
    }
  }

  private void close(BlockNode node) {
    if (node.capability(NodeOps.class) != null && !node.readOnly()) {
      try {
        node.flush();
      } catch (BlockException lost) {
        // As in QEMU: closing cannot fail, and the driver's own close tries its writes again.
        CloseErrors.report(node, lost);
      }
    }
    node.closeOps();
    names.remove(node);
    for (Child child : List.copyOf(node.children()).reversed()) {
      detach(child);
    }
  }

  /** Permissions may only become weaker here, so this cannot fail for a conflict. */
  private void loosened(BlockNode node) {
    try {
      refresh(node);
    } catch (BlockException impossible) {
      CloseErrors.report(node, impossible);
    }
  }

  // ---- drain ----------------------------------------------------------------------------------

  /** What is done while a node is quiet. */
  public interface Section<T> {
    /** Does it. */
    T run() throws BlockException;
  }

  /** Runs the section while no request is under way at the node or comes from above it. */
  public <T> T drained(BlockNode node, Section<T> section) throws BlockException {
    drainBegin(node);
    try {
      return section.run();
    } finally {
      drainEnd(node);
    }
  }

  /** Makes the node quiet and waits until nothing is under way. Calls nest. */
  public void drainBegin(BlockNode node) {
    drain.begin(node);
  }

  /** Undoes one {@link #drainBegin}. */
  public void drainEnd(BlockNode node) {
    drain.end(node);
  }

  /** Makes every node quiet; returns what {@link #drainAllEnd} takes. */
  public List<BlockNode> drainAllBegin() {
    List<BlockNode> all = List.copyOf(names.nodes());
    drain.beginAll(all);
    return all;
  }

  /** Undoes {@link #drainAllBegin}. */
  public void drainAllEnd(List<BlockNode> drained) {
    drained.forEach(drain::end);
  }

  /** Wakes a waiting drain. Any thread; cheap when none waits. */
  public void kickDrains() {
    drain.kick();
  }

  private void link(Child child, int index) {
    BlockNode above = child.parent().asNode();
    if (above != null) {
      above.addChild(child, index);
    }
    attachTo(child, child.node());
  }

  private int unlink(Child child) {
    BlockNode above = child.parent().asNode();
    int index = above == null ? -1 : above.removeChild(child);
    detachFrom(child, child.node());
    return index;
  }

  private void move(Child child, BlockNode target) {
    BlockNode old = child.node();
    if (target.quiesced() > 0) {
      child.beginParentQuiesce();
      drain.await(() -> child.parent().drainedPoll(child));
    }
    child.unblockBacking();
    target.addParent(child);
    child.retarget(target);
    child.blockBacking();
    old.removeParent(child);
    if (old.quiesced() > 0) {
      child.endParentQuiesce();
    }
  }

  private void attachTo(Child child, BlockNode node) {
    node.addParent(child);
    child.blockBacking();
    if (node.quiesced() > 0) {
      child.beginParentQuiesce();
    }
  }

  private void detachFrom(Child child, BlockNode node) {
    child.unblockBacking();
    node.removeParent(child);
    if (node.quiesced() > 0) {
      child.endParentQuiesce();
    }
  }
}
