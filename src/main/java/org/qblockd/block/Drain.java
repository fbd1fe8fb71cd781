// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.qblockd.base.ControlLane;

/**
 * Makes nodes quiet: tells everyone above to start nothing, and waits until what was started has
 * ended. Control lane, but for {@link #kick}.
 */
final class Drain {
  private final ControlLane lane;
  private final AtomicInteger waiting = new AtomicInteger();

  Drain(ControlLane lane) {
    this.lane = lane;
  }

  void begin(BlockNode node) {
    lane.check();
    node.quiesceBegin();
    await(() -> node.busy() || node.parentsBusy());
  }

  void end(BlockNode node) {
    lane.check();
    node.quiesceEnd();
  }

  void beginAll(List<BlockNode> nodes) {
    lane.check();
    for (BlockNode node : nodes) {
      node.quiesceBegin();
    }
    await(() -> anyBusy(nodes));
  }

  private static boolean anyBusy(List<BlockNode> nodes) {
    for (BlockNode node : nodes) {
      if (node.busy() || node.parentsBusy()) {
        return true;
      }
    }
    return false;
  }

  /** Waits on the lane; whoever ends a request calls {@link #kick}. */
  void await(BooleanSupplier busy) {
    waiting.incrementAndGet();
    try {
      lane.pollWhile(busy);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Wakes a waiting drain. Any thread; cheap when none waits. */
  void kick() {
    if (waiting.get() > 0) {
      lane.kick();
    }
  }
}
