// SPDX-License-Identifier: Apache-2.0
package org.qblockd.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/** All events of a session, in order, and assertions that wait for one. Any thread. */
public final class EventLog {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<JsonObject> events = new ArrayList<>();
  private int next;

  EventLog() {}

  void add(JsonObject event) {
    lock.lock();
    try {
      events.add(event);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All events so far, as JSON texts. */
  public List<String> all() {
    lock.lock();
    try {
      return events.stream().map(JsonWriter::toText).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next event of this name; see {@link #await(String, String)}. */
  public String await(String name) {
    return await(name, "{}");
  }

  /**
   * Waits for the next event of this name whose data has these members, after the one that was
   * awaited last.
   *
   * @param members a JSON object, as {@code {"id": "job0"}}; single quotes will do
   * @return the event as JSON
   * @throws AssertionError when it has not come within 30 s; it shows what has come
   */
  public String await(String name, String members) {
    JsonObject wanted = parse(members);
    long left = PATIENCE.toNanos();
    lock.lock();
    try {
      while (true) {
        JsonObject found = take(name, wanted);
        if (found != null) {
          return JsonWriter.toText(found);
        }
        if (left <= 0) {
          throw new AssertionError(
              "no event "
                  + name
                  + " with "
                  + members
                  + " within "
                  + PATIENCE
                  + "; there were "
                  + events.stream().map(JsonWriter::toText).toList());
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable JsonObject take(String name, JsonObject wanted) {
    for (int i = next; i < events.size(); i++) {
      if (matches(events.get(i), name, wanted)) {
        next = i + 1;
        return events.get(i);
      }
    }
    return null;
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

  static JsonObject parse(String text) {
    try {
      if (JsonStream.parse(text) instanceof JsonObject object) {
        return object;
      }
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
    throw new IllegalArgumentException(text + " is no JSON object");
  }
}
