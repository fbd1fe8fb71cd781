// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.concurrent.CountDownLatch;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.ShutdownCause;
import org.qblockd.qapi.types.ShutdownEvent;

/** The end of the server: asked for once, announced by SHUTDOWN, waited for by the main thread. */
public final class Shutdown {
  private final EventSink events;
  private final CountDownLatch requested = new CountDownLatch(1);

  /** Announces the end on {@code events}. */
  public Shutdown(EventSink events) {
    this.events = events;
  }

  /** Asks for the end; the first call sends the event. Control lane. */
  public void request(ShutdownCause cause) {
    if (requested.getCount() > 0) {
      events.emit(new ShutdownEvent(false, cause));
      requested.countDown();
    }
  }

  /** Waits until the end is asked for. Main thread. */
  public void await() throws InterruptedException {
    requested.await();
  }
}
