// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.ShutdownCause;
import org.qblockd.qapi.types.ShutdownEvent;

/**
 * The end of the server: asked for once, announced by SHUTDOWN. Jobs are cancelled and nodes closed
 * before {@link #request} returns, so that the reply to {@code quit} comes after their events and
 * means that all is on disk, as in QEMU. Control lane.
 */
public final class Shutdown {
  private final EventSink events;
  private final boolean announced;
  private Runnable ending = () -> {};
  private boolean requested;

  /** Announces the end on {@code events}. */
  public Shutdown(EventSink events) {
    this(events, true);
  }

  /**
   * Announces the end on {@code events}.
   *
   * @param announced false for the storage daemon, which has no such event
   */
  public Shutdown(EventSink events, boolean announced) {
    this.events = events;
    this.announced = announced;
  }

  /** Sets what is done at the end. Before the first request. */
  public void onRequest(Runnable newEnding) {
    ending = newEnding;
  }

  /** Asks for the end; the first call sends the event and does what belongs to the end. */
  public void request(ShutdownCause cause) {
    if (!requested) {
      requested = true;
      if (announced) {
        events.emit(new ShutdownEvent(false, cause));
      }
      ending.run();
    }
  }
}
