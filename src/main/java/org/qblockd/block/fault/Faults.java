// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.fault;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.RequestFaults;

/**
 * All faults of a graph, by their names. A node that goes takes its faults with it. Control lane,
 * except {@link #remove}; the object is the lock.
 */
public final class Faults {
  /** A fault and the node at which it is met. */
  public record Placed(BlockNode node, Fault fault) {}

  /** More than this is a mistake of the client. */
  static final int MAX_FAULTS = 4096;

  private final BlockGraph graph;
  private final Clock hostClock;
  private final Clock testClock;
  private final Consumer<Fault.Met> listener;
  private final Map<String, Placed> faults = new LinkedHashMap<>();
  private final List<NodeFaults> places = new ArrayList<>();

  /**
   * No faults.
   *
   * @param testClock the clock that clients may move
   * @param listener hears of each request that meets a fault, on the request's thread
   */
  public Faults(BlockGraph graph, Clock hostClock, Clock testClock, Consumer<Fault.Met> listener) {
    this.graph = graph;
    this.hostClock = hostClock;
    this.testClock = testClock;
    this.listener = listener;
    graph.lane().onWait(this::endTestDelays);
  }

  private synchronized void endTestDelays() {
    places.forEach(NodeFaults::endTestDelays);
  }

  /** Adds a fault. */
  public synchronized void add(BlockNode node, String id, FaultSpec spec) throws BlockException {
    forgetNodes();
    if (faults.containsKey(id)) {
      throw BlockException.invalid("Fault '" + id + "' already exists");
    }
    if (faults.size() == MAX_FAULTS) {
      throw BlockException.invalid("There are " + MAX_FAULTS + " faults already");
    }
    Fault fault = new Fault(id, node.name(), spec);
    faults.put(id, new Placed(node, fault));
    place(node).add(fault);
  }

  private NodeFaults place(BlockNode node) {
    for (NodeFaults place : places) {
      if (place.node() == node) {
        return place;
      }
    }
    NodeFaults place = new NodeFaults(node, graph.lane(), hostClock, testClock, listener);
    places.add(place);
    RequestFaults.put(node, place);
    return place;
  }

  /** Removes a fault and returns it, or null when there is none. Any thread. */
  public synchronized @Nullable Placed remove(String id) {
    Placed removed = faults.remove(id);
    if (removed != null) {
      end(removed);
    }
    return removed;
  }

  private void end(Placed removed) {
    removed.fault.end();
    for (NodeFaults place : places) {
      place.remove(removed.fault);
    }
    List<BlockNode> used = faults.values().stream().map(Placed::node).toList();
    for (NodeFaults place : List.copyOf(places)) {
      if (!used.contains(place.node())) {
        RequestFaults.put(place.node(), null);
        places.remove(place);
      }
    }
  }

  /** All faults, in the order in which they were added. */
  public synchronized List<Placed> all() {
    forgetNodes();
    return List.copyOf(faults.values());
  }

  /** Ends all delays; at the end of the server. */
  public synchronized void endAll() {
    for (Placed each : List.copyOf(faults.values())) {
      remove(each.fault.id());
    }
  }

  private void forgetNodes() {
    List<BlockNode> nodes = List.copyOf(graph.nodes());
    for (Placed each : List.copyOf(faults.values())) {
      if (!nodes.contains(each.node)) {
        remove(each.fault.id());
      }
    }
  }
}
