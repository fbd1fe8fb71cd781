// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * Stamps events and sends them to all monitors in one order, at most one a second of the kinds that
 * a guest could flood a client with. Any thread.
 */
public final class EventBus implements EventSink {
  /** The time between two events of a limited kind. */
  static final long PERIOD_NANOS = 1_000_000_000;

  /** Limited kinds, with the member of their data whose value has a limit of its own, if any. */
  private static final Map<String, String> LIMITED =
      Map.of(
          "BALLOON_CHANGE", "",
          "BLOCK_IO_ERROR", "qom-path",
          "HV_BALLOON_STATUS_REPORT", "",
          "MEMORY_DEVICE_SIZE_CHANGE", "qom-path",
          "QUORUM_FAILURE", "",
          "QUORUM_REPORT_BAD", "node-name",
          "RTC_CHANGE", "",
          "VSERPORT_CHANGE", "id",
          "WATCHDOG", "");

  private record Source(String event, @Nullable JsonValue part) {}

  /** A source that may not send before its timer fires, and the event to send then. */
  private static final class Pause {
    private @Nullable JsonObject latest;
  }

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Monitor> monitors = new ArrayList<>();
  private final Map<Source, Pause> paused = new HashMap<>();

  /** A bus without monitors; {@code clock} gives the timestamps and the pauses. */
  public EventBus(Clock clock) {
    this.clock = clock;
  }

  /** From now on the monitor's client gets all events. */
  public void add(Monitor monitor) {
    lock.lock();
    try {
      monitors.add(monitor);
    } finally {
      lock.unlock();
    }
  }

  /** The monitor gets no more events. */
  public void remove(Monitor monitor) {
    lock.lock();
    try {
      monitors.remove(monitor);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void emit(String name, JsonObject data) {
    String part = LIMITED.get(name);
    lock.lock();
    try {
      JsonObject event = stamped(name, data);
      if (part == null) {
        broadcast(event);
      } else {
        limit(new Source(name, data.get(part)), event);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all clients have taken what was sent to them, as far as they read. At the end of
   * the server.
   */
  public void drain() {
    List<Monitor> all;
    lock.lock();
    try {
      all = List.copyOf(monitors);
    } finally {
      lock.unlock();
    }
    for (Monitor monitor : all) {
      monitor.drain();
    }
  }

  private void limit(Source source, JsonObject event) {
    Pause pause = paused.get(source);
    if (pause == null) {
      broadcast(event);
      pause(source, new Pause());
    } else {
      pause.latest = event;
    }
  }

  private void pause(Source source, Pause pause) {
    paused.put(source, pause);
    clock.schedule(PERIOD_NANOS, () -> pauseEnded(source, pause));
  }

  private void pauseEnded(Source source, Pause pause) {
    lock.lock();
    try {
      JsonObject latest = pause.latest;
      if (latest == null) {
        paused.remove(source);
      } else {
        pause.latest = null;
        broadcast(latest);
        pause(source, pause);
      }
    } finally {
      lock.unlock();
    }
  }

  private void broadcast(JsonObject event) {
    for (Monitor monitor : monitors) {
      monitor.deliver(event);
    }
  }

  private JsonObject stamped(String name, JsonObject data) {
    long micros = clock.realtimeMicros();
    JsonObject timestamp =
        new JsonObject(
            Map.of(
                "seconds", new JsonInteger(micros / 1_000_000),
                "microseconds", new JsonInteger(micros % 1_000_000)));
    Map<String, JsonValue> event = new LinkedHashMap<>();
    event.put("event", new JsonString(name));
    event.put("timestamp", timestamp);
    if (!data.members().isEmpty()) {
      event.put("data", data);
    }
    return new JsonObject(event);
  }
}
