// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.ResumeEvent;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.StopEvent;

/** The run state of the machine, and its events. Control lane; {@link #state} from any thread. */
public final class RunStates {
  private final BlockGraph graph;
  private final EventSink events;
  private volatile RunState state;

  /** A machine that begins in this state: {@code running}, or {@code prelaunch} with -S. */
  public RunStates(BlockGraph graph, EventSink events, RunState initial) {
    this.graph = graph;
    this.events = events;
    this.state = initial;
  }

  /** The state. */
  public RunState state() {
    return state;
  }

  /** Whether the machine runs. */
  public boolean running() {
    return state == RunState.RUNNING;
  }

  /** Stops the machine if it runs; in any case all requests end and all nodes are flushed. */
  public void stop(RunState stopped) throws BlockException {
    if (running()) {
      state = stopped;
      events.emit(new StopEvent());
    }
    settle();
  }

  /** Lets the machine run if it does not. */
  public void resume() {
    if (!running()) {
      state = RunState.RUNNING;
      events.emit(new ResumeEvent());
    }
  }

  private void settle() throws BlockException {
    List<BlockNode> drained = graph.drainAllBegin();
    graph.drainAllEnd(drained);
    BlockException first = null;
    for (BlockNode node : graph.nodes()) {
      try {
        if (!node.readOnly()) {
          node.flush();
        }
      } catch (BlockException failure) {
        first = first == null ? failure : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
