// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;
import org.qblockd.base.VirtualClock;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.device.ResetSource;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.RebootAction;
import org.qblockd.qapi.types.ResetEvent;
import org.qblockd.qapi.types.ResumeEvent;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.ShutdownAction;
import org.qblockd.qapi.types.ShutdownCause;
import org.qblockd.qapi.types.ShutdownEvent;
import org.qblockd.qapi.types.StopEvent;

/**
 * The run state of the machine, and its events. Control lane; {@link #state} and {@link
 * #requestStop} from any thread.
 */
public final class RunStates implements ResetSource {
  private final ControlLane lane;
  private final BlockGraph graph;
  private final EventSink events;
  private final Shutdown shutdown;
  private final GuestActions actions = new GuestActions();
  private final List<Runnable> resets = new ArrayList<>();
  private final AtomicReference<@Nullable RunState> requestedStop = new AtomicReference<>();
  private final @Nullable VirtualClock testClock;
  private volatile RunState state;
  private boolean autostart;

  /**
   * A machine that begins in this state.
   *
   * @param initial {@code running}; {@code prelaunch} with -S; {@code inmigrate} with -incoming
   * @param testClock the clock that moves only while the machine runs; null for the host's
   */
  public RunStates(
      ControlLane lane,
      BlockGraph graph,
      EventSink events,
      Shutdown shutdown,
      RunState initial,
      @Nullable VirtualClock testClock) {
    this.lane = lane;
    this.graph = graph;
    this.events = events;
    this.shutdown = shutdown;
    this.testClock = testClock;
    this.state = initial;
    autostart = initial != RunState.PRELAUNCH;
    set(initial);
  }

  /** The state. */
  public RunState state() {
    return state;
  }

  /** Whether the machine runs. */
  public boolean running() {
    return state == RunState.RUNNING;
  }

  /** What is done when the machine reboots and so on. */
  public GuestActions actions() {
    return actions;
  }

  /** Whether the machine runs on its own when what it waits for has come. */
  public boolean autostart() {
    return autostart;
  }

  /** Sets {@link #autostart}, as -S does. */
  public void setAutostart(boolean newAutostart) {
    autostart = newAutostart;
  }

  /** Enters a state without an event, as migration and the start do. */
  public void set(RunState newState) {
    state = newState;
    if (testClock != null) {
      testClock.setEnabled(running());
    }
  }

  /**
   * Stops the machine if it runs; in any case all requests end and all nodes are flushed.
   *
   * @throws BlockException when a node cannot be flushed; the machine is stopped all the same
   */
  public void stop(RunState stopped) throws BlockException {
    if (running()) {
      set(stopped);
      events.emit(new StopEvent());
    }
    settle();
  }

  /** What a user's stop does: a machine that waits for its state will not run on its own. */
  public void pause() {
    if (state == RunState.INMIGRATE) {
      autostart = false;
      return;
    }
    stopAnyway(RunState.PAUSED);
  }

  /**
   * Stops the machine soon, as a failed request of a device asks for. The event that tells of the
   * failure is to be sent between this call and {@link #stopRequested}: then STOP comes after it,
   * and a cont in between is answered by STOP and RESUME.
   */
  public void requestStop(RunState stopped) {
    requestedStop.set(stopped);
  }

  /** What {@link #requestStop} asked for happens next on the lane. */
  public void stopRequested() {
    lane.post(() -> {
      RunState requested = requestedStop.getAndSet(null);
      if (requested != null) {
        stopAnyway(requested);
      }
    });
  }

  private void stopAnyway(RunState stopped) {
    try {
      stop(stopped);
    } catch (BlockException unflushed) {
      // As in QEMU: whoever needs the data flushes them, and is told then.
      return;
    }
  }

  /**
   * What a user's cont does, once images are active and errors forgotten.
   *
   * @throws QmpException in states that only a reset or a migration's end leads out of
   */
  public void checkContinuable() throws QmpException {
    switch (state) {
      case INTERNAL_ERROR, SHUTDOWN ->
          throw QmpException.generic("Resetting the Virtual Machine is required");
      case FINISH_MIGRATE -> throw QmpException.generic("Migration is not finalized yet");
      default -> {}
    }
  }

  /** Lets the machine run if it does not, or as soon as its state has come. */
  public void resume() {
    if (state == RunState.INMIGRATE) {
      autostart = true;
      return;
    }
    boolean stopWaits = requestedStop.getAndSet(null) != null;
    if (running()) {
      if (stopWaits) {
        events.emit(new StopEvent());
        events.emit(new ResumeEvent());
      }
      return;
    }
    events.emit(new ResumeEvent());
    set(RunState.RUNNING);
  }

  /** Adds what devices do at a reset. */
  @Override
  public void onReset(Runnable action) {
    resets.add(action);
  }

  /** Resets the machine, or shuts it down if that is what a reboot does. */
  public void reset() {
    if (actions.reboot() == RebootAction.SHUTDOWN) {
      shutDown(ShutdownCause.HOST_QMP_SYSTEM_RESET);
      return;
    }
    for (Runnable action : resets) {
      action.run();
    }
    events.emit(new ResetEvent(false, ShutdownCause.HOST_QMP_SYSTEM_RESET));
    if (!running() && state != RunState.INMIGRATE && state != RunState.FINISH_MIGRATE) {
      set(RunState.PRELAUNCH);
    }
  }

  /** Ends the server, or stops the machine if that is what a shutdown does. */
  private void shutDown(ShutdownCause cause) {
    if (actions.shutdown() == ShutdownAction.PAUSE) {
      events.emit(new ShutdownEvent(false, cause));
      stopAnyway(RunState.SHUTDOWN);
    } else {
      shutdown.request(cause);
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
