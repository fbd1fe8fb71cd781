// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** The last events of a session, for those who wait for one. Any thread. */
final class EventQueue {
  /** Older events are forgotten. */
  private static final int MAX_EVENTS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<JsonObject> events = new ArrayDeque<>();
  private long arrivals;
  private boolean ended;

  void add(JsonObject event) {
    lock.lock();
    try {
      arrivals++;
      events.add(event);
      if (events.size() > MAX_EVENTS) {
        events.remove();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more events come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many events have come. */
  long arrivals() {
    lock.lock();
    try {
      return arrivals;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until more than {@code seen} events have come, at most so long. */
  void awaitMore(long seen, long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (arrivals <= seen && !ended && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the first event of this name whose data has these members, and forgets those before it.
   *
   * @param seconds how long to wait for it; 0 for as long as the session lasts
   * @return null when the time or the session is over
   */
  @Nullable JsonObject await(String name, JsonObject wanted, long seconds) {
    long left = seconds == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds);
    lock.lock();
    try {
      while (true) {
        JsonObject found = take(name, wanted);
        if (found != null || ended || left <= 0) {
          return found;
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The last event of this name with this member, or null; it stays. */
  @Nullable JsonObject peek(String name, String member, String value) {
    JsonObject wanted = new JsonObject(Map.of(member, new JsonString(value)));
    lock.lock();
    try {
      JsonObject last = null;
      for (JsonObject event : events) {
        last = matches(event, name, wanted) ? event : last;
      }
      return last;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable JsonObject take(String name, JsonObject wanted) {
    JsonObject found = null;
    int upTo = 0;
    for (JsonObject event : events) {
      upTo++;
      if (matches(event, name, wanted)) {
        found = event;
        break;
      }
    }
    for (int i = 0; found != null && i < upTo; i++) {
      events.remove();
    }
    return found;
  }

  private static boolean matches(JsonObject event, String name, JsonObject wanted) {
    if (!JsonMembers.text(event, "event").equals(name)) {
      return false;
    }
    JsonObject data = event.get("data") instanceof JsonObject object ? object : JsonObject.EMPTY;
    for (Map.Entry<String, JsonValue> each : wanted.members().entrySet()) {
      if (!each.getValue().equals(data.get(each.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
