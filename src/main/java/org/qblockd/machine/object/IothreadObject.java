// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.jspecify.annotations.Nullable;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.IOThreadInfo;

/**
 * An iothread: a thread of the host with its settings, and a count of those that use it. Requests
 * do not run on it, since here they run on threads of their own; it is there for clients that look
 * at it or bind it to processors. Control lane.
 */
public final class IothreadObject extends EventLoopObject {
  private static final long DEFAULT_POLL_NANOS = 32_768;

  private long pollMax = DEFAULT_POLL_NANOS;
  private long pollGrow;
  private long pollShrink;
  private @Nullable HostThread thread;
  private int users;

  IothreadObject() {
    super("iothread");
    addClass(
        QomProperty.number(
            "poll-max-ns", "int", () -> pollMax, (in, name) -> pollMax = natural(in, name)),
        QomProperty.number(
            "poll-grow", "int", () -> pollGrow, (in, name) -> pollGrow = natural(in, name)),
        QomProperty.number(
            "poll-shrink", "int", () -> pollShrink, (in, name) -> pollShrink = natural(in, name)));
  }

  @Override
  protected void complete() throws QmpException {
    super.complete();
    thread = HostThread.start("iothread " + name());
  }

  /** Something uses the iothread until {@link #release}. */
  public void use() {
    users++;
  }

  /** Undoes one {@link #use}. */
  public void release() {
    users--;
  }

  @Override
  protected boolean inUse() {
    return users > 0;
  }

  @Override
  protected void dispose() {
    HostThread started = thread;
    if (started != null) {
      started.end();
    }
  }

  /** As query-iothreads shows it. */
  public IOThreadInfo info() {
    HostThread started = thread;
    if (started == null) {
      throw new IllegalStateException("an iothread that was not completed");
    }
    return new IOThreadInfo(name(), started.id(), pollMax, pollGrow, pollShrink, batch());
  }
}
