// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Where jobs are held on demand. A hold names a job that exists or is yet to come; it goes when the
 * job goes. Verbs on the control lane, arrivals on the job's thread; the object is the lock.
 */
public final class JobHolds {
  /** More than this is a mistake of the client. */
  static final int MAX_HOLDS = 1024;

  /**
   * What a hold is and where it stands.
   *
   * @param every bytes between two stops at {@link HoldPoint#COPY}, else 0
   * @param held whether the job waits there
   * @param passed how often the job was let go
   */
  public record Info(String id, HoldPoint at, long every, boolean held, long passed) {}

  /** One hold; guarded by the lock of the list. */
  private static final class Hold {
    final String id;
    final HoldPoint at;
    long every;
    long passed;
    long granted;
    boolean held;

    Hold(String id, HoldPoint at) {
      this.id = id;
      this.at = at;
    }
  }

  private final List<Hold> holds = new ArrayList<>();
  private volatile boolean any;

  /** No holds; made by {@link Jobs}. */
  JobHolds() {}

  // ---- verbs ----------------------------------------------------------------------------------

  /** Holds the job of this name at a point, or changes how many bytes lie between two stops. */
  public synchronized void set(String id, HoldPoint at, long every) throws BlockException {
    Hold hold = find(id, at);
    if (hold == null) {
      if (holds.size() == MAX_HOLDS) {
        throw BlockException.invalid("There are " + MAX_HOLDS + " holds already");
      }
      hold = new Hold(id, at);
      holds.add(hold);
      any = true;
    }
    hold.every = at == HoldPoint.COPY ? every : 0;
  }

  /** Lets the held job go on, {@code count} holds further. */
  synchronized void step(Job job, long count) throws BlockException {
    for (Hold hold : holds) {
      if (hold.held && hold.id.equals(job.id())) {
        hold.granted = count;
        job.kick();
        return;
      }
    }
    throw BlockException.invalid("Job '" + job.shownId() + "' is not held");
  }

  /** Takes back the hold at a point, or all of this name when it is null; tells whether any. */
  synchronized boolean release(String id, @Nullable HoldPoint at) {
    boolean removed = holds.removeIf(hold -> hold.id.equals(id) && (at == null || hold.at == at));
    any = !holds.isEmpty();
    return removed;
  }

  /** All holds, in the order in which they were set. */
  public synchronized List<Info> all() {
    List<Info> infos = new ArrayList<>();
    for (Hold hold : holds) {
      infos.add(new Info(hold.id, hold.at, hold.every, hold.held, hold.passed));
    }
    return infos;
  }

  // ---- the job's side -------------------------------------------------------------------------

  /** Bytes between two stops of this job's copying; 0 when it is not held there. */
  public long every(Job job) {
    return any ? everyOf(job) : 0;
  }

  private synchronized long everyOf(Job job) {
    Hold hold = find(job.id(), HoldPoint.COPY);
    return hold == null ? 0 : hold.every;
  }

  /** The job has come to a point. Returns how often it was let go there, or -1 when it may pass. */
  synchronized long arrive(String id, HoldPoint at) {
    Hold hold = find(id, at);
    if (hold == null) {
      return -1;
    }
    if (hold.granted > 0) {
      return pass(hold);
    }
    hold.held = true;
    return hold.passed;
  }

  /** Whether the job still has to wait at this point. */
  synchronized boolean waits(String id, HoldPoint at) {
    Hold hold = find(id, at);
    if (hold == null || !hold.held) {
      return false;
    }
    if (hold.granted == 0) {
      return true;
    }
    pass(hold);
    return false;
  }

  private static long pass(Hold hold) {
    hold.granted--;
    hold.passed++;
    hold.held = false;
    return -1;
  }

  /** The job does not wait any more, whatever was asked for. */
  synchronized void leave(String id, HoldPoint at) {
    Hold hold = find(id, at);
    if (hold != null) {
      hold.held = false;
    }
  }

  boolean any() {
    return any;
  }

  private @Nullable Hold find(@Nullable String id, HoldPoint at) {
    for (Hold hold : holds) {
      if (hold.id.equals(id) && hold.at == at) {
        return hold;
      }
    }
    return null;
  }
}
