// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.fault;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.block.BlockNode;
import org.qblockd.block.RequestFaults;
import org.qblockd.block.RequestKind;

/**
 * The faults of one node, met in the order in which they were added: delays add up, the first that
 * fails the request ends it. Any thread.
 */
final class NodeFaults implements RequestFaults {
  private final BlockNode node;
  private final ControlLane lane;
  private final Clock hostClock;
  private final Clock testClock;
  private final Consumer<Fault.Met> listener;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  NodeFaults(
      BlockNode node,
      ControlLane lane,
      Clock hostClock,
      Clock testClock,
      Consumer<Fault.Met> listener) {
    this.node = node;
    this.lane = lane;
    this.hostClock = hostClock;
    this.testClock = testClock;
    this.listener = listener;
  }

  BlockNode node() {
    return node;
  }

  void add(Fault fault) {
    faults.add(fault);
  }

  void remove(Fault fault) {
    faults.remove(fault);
  }

  @Override
  public void meet(RequestKind kind, long offset, long bytes) throws BlockException {
    for (Fault fault : faults) {
      Fault.Met met = fault.meet(kind, offset, bytes);
      if (met == null) {
        continue;
      }
      // While a command holds the lane or waits, no other command can move the test clock.
      Fault.Delay delay =
          fault.spec().onTestClock()
              ? fault.begin(testClock, () -> lane.isHeld() || lane.waiting())
              : fault.begin(hostClock, () -> false);
      if (fault.spec().told()) {
        listener.accept(met);
      }
      fault.suffer(delay);
    }
  }

  /** Ends the delays that only a command can end. */
  void endTestDelays() {
    for (Fault fault : faults) {
      if (fault.spec().onTestClock()) {
        fault.endDelays();
      }
    }
  }
}
