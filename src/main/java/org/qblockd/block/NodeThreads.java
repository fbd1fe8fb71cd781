// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * To which I/O thread each node belongs. Requests here run on threads of their own; what counts is
 * which nodes may be joined: all that are connected belong to one thread, and what a device uses
 * cannot be moved to another. Control lane. Rules and sentence: asked of QEMU 10.0.2's
 * x-blockdev-set-iothread.
 */
public final class NodeThreads {
  /** The thread of everything that was not moved. */
  public static final String MAIN = "";

  private final Map<BlockNode, String> threads = new WeakHashMap<>();

  /** Of parents that are no nodes. */
  private final Map<Parent, String> holders = new WeakHashMap<>();

  NodeThreads() {}

  /** What is connected, as far as edges lead. */
  private static final class Component {
    final Set<BlockNode> nodes = new LinkedHashSet<>();
    final Set<Parent> holders = new LinkedHashSet<>();
    private final List<BlockNode> open = new ArrayList<>();

    /** All that is connected with the node, not through {@code but}. */
    static Component around(BlockNode node, @Nullable Child but) {
      Component component = new Component();
      component.reach(node);
      while (!component.open.isEmpty()) {
        component.spread(component.open.removeLast(), but);
      }
      return component;
    }

    private void reach(BlockNode node) {
      if (nodes.add(node)) {
        open.add(node);
      }
    }

    private void spread(BlockNode node, @Nullable Child but) {
      for (Child child : node.children()) {
        if (child != but) {
          reach(child.node());
        }
      }
      for (Child edge : node.parents()) {
        if (edge != but) {
          reachParent(edge.parent());
        }
      }
    }

    private void reachParent(Parent parent) {
      BlockNode above = parent.asNode();
      if (above != null) {
        reach(above);
      } else if (holders.add(parent)) {
        parent.edges().forEach(edge -> reach(edge.node()));
      }
    }
  }

  /** The thread of a node. */
  public String of(BlockNode node) {
    return threads.getOrDefault(node, MAIN);
  }

  /**
   * Moves the node and all that is connected with it to a thread, or nothing.
   *
   * @throws BlockException EPERM when something of it stays where it is
   */
  public void move(BlockNode node, String thread) throws BlockException {
    Runnable undo = move(node, thread, null);
    assert undo != null;
  }

  /** Moves the backend to a thread together with its node, which nobody else may keep back. */
  public void move(BlockBackend backend, String thread) throws BlockException {
    BlockNode node = backend.node();
    if (node != null) {
      Runnable undo = move(node, thread, backend.root());
      assert undo != null;
    }
    holders.put(backend, thread);
  }

  private Runnable move(BlockNode node, String thread, @Nullable Child but) throws BlockException {
    String before = of(node);
    if (before.equals(thread)) {
      return () -> {};
    }
    Component moved = Component.around(node, but);
    for (Parent holder : moved.holders) {
      if (holder instanceof BlockBackend backend && backend.threadFixed()) {
        throw BlockException.of(Errno.EPERM, "Cannot change iothread of active block backend");
      }
    }
    set(moved, thread);
    return () -> set(moved, before);
  }

  private void set(Component component, String thread) {
    component.nodes.forEach(node -> threads.put(node, thread));
    component.holders.forEach(holder -> holders.put(holder, thread));
  }

  /** An edge was made: what is below moves to the thread of what is above, or the other way. */
  void joined(GraphTransaction transaction, Child edge) throws BlockException {
    BlockNode below = edge.node();
    BlockNode above = edge.parent().asNode();
    String thread = of(below);
    String wanted = above == null ? ofHolder(edge.parent(), thread) : of(above);
    if (wanted.equals(thread)) {
      return;
    }
    try {
      transaction.onAbort(move(below, wanted, edge));
    } catch (BlockException stays) {
      Runnable undo = moveParent(edge, thread);
      if (undo == null) {
        throw stays;
      }
      transaction.onAbort(undo);
    }
  }

  /** A drive without a medium belongs to the main thread; other users go where their node is. */
  private String ofHolder(Parent parent, String otherwise) {
    boolean drive = parent instanceof BlockBackend backend && !backend.name().isEmpty();
    return holders.computeIfAbsent(parent, any -> drive ? MAIN : otherwise);
  }

  private @Nullable Runnable moveParent(Child edge, String thread) {
    Parent parent = edge.parent();
    BlockNode start = parent.asNode();
    for (Child other : parent.edges()) {
      if (start == null && other != edge) {
        start = other.node();
      }
    }
    if (parent instanceof BlockBackend backend && backend.threadFixed()) {
      return null;
    }
    try {
      Runnable undo = start == null ? () -> {} : move(start, thread, edge);
      holders.put(parent, thread);
      return undo;
    } catch (BlockException stays) {
      return null;
    }
  }

  /** An edge has gone: nothing may keep the node away from the main thread any more. */
  void left(BlockNode node) {
    try {
      Runnable undo = move(node, MAIN, null);
      assert undo != null;
    } catch (BlockException stays) {
      assert !of(node).equals(MAIN);
    }
  }
}
