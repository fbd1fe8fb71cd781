// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/**
 * Who holds an edge to a node: a node above it, a {@link BlockBackend}, a job. Called on the
 * control lane, except {@link #drainedPoll}, which also other threads may call.
 */
public interface Parent {
  /**
   * Who this is, as permission conflicts name it: {@code block device 'drive0'}, {@code node 'n'},
   * {@code block job 'j'}, {@code a block device} for an anonymous backend.
   */
  String describe();

  /** Starts no further requests on the edge until {@link #drainedEnd}. Calls nest. */
  void drainedBegin(Child child);

  /** Whether requests that were started before {@link #drainedBegin} are still under way. */
  boolean drainedPoll(Child child);

  /** Undoes one {@link #drainedBegin}. */
  void drainedEnd(Child child);

  /** The node that this parent is, or null if it is not a node. */
  default @org.jspecify.annotations.Nullable BlockNode asNode() {
    return null;
  }

  /** The edges of a parent that is not a node and holds several. */
  default java.util.Collection<Child> edges() {
    return java.util.List.of();
  }

  /** Whether the edge stays where it is when a filter is put over the node (internal users). */
  default boolean staysAtNode() {
    return false;
  }

  /**
   * The node behind the edge is becoming inactive: no permission is needed for it from now on.
   *
   * @throws BlockException when it cannot do without
   */
  default void inactivated(Child child) throws BlockException {}

  /** The node behind the edge is active: what is needed for it is needed again. */
  default void activated(Child child) throws BlockException {}

  /** The node behind the edge changed its length. Any thread. */
  default void resized(Child child) {}
}
