// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The latest events and commands, each with an id, and those who read on. The event loop only.
 *
 * <p>An id is {@code RUN-NUMBER}; the run is that of this process, so that a client which comes
 * back after a restart is not told that it has missed nothing.
 */
final class EventHub {
  /** Items kept for clients that come back. */
  static final int MAX_KEPT = 2000;

  /** Readers at a time. */
  static final int MAX_READERS = 64;

  /** What an item tells of. */
  enum Kind {
    EVENT,
    COMMAND;

    String wireName() {
      return this == EVENT ? "event" : "command";
    }
  }

  /**
   * Something that has happened.
   *
   * @param name of the event or command
   * @param content an event as QMP sends it, or a command and how it ended
   */
  record Item(String id, long number, Kind kind, String name, JsonObject content) {}

  /** Somebody who reads on. */
  interface Reader {
    /** Takes an item; one that is slow may end itself by {@link EventHub#remove}. */
    void take(Item item);
  }

  private final String run;
  private final ArrayDeque<Item> kept = new ArrayDeque<>();
  private final Set<Reader> readers = new LinkedHashSet<>();
  private long lastNumber;

  /** Nothing yet; {@code run} tells this process from others. */
  EventHub(String run) {
    this.run = run;
  }

  void add(Kind kind, String name, JsonObject content) {
    long number = ++lastNumber;
    Item item = new Item(run + "-" + number, number, kind, name, content);
    kept.addLast(item);
    if (kept.size() > MAX_KEPT) {
      kept.removeFirst();
    }
    for (Reader reader : List.copyOf(readers)) {
      reader.take(item);
    }
  }

  /** The id of the last item, or of none. */
  String lastId() {
    return run + "-" + lastNumber;
  }

  /** Whether another reader is welcome. */
  boolean hasRoom() {
    return readers.size() < MAX_READERS;
  }

  void add(Reader reader) {
    readers.add(reader);
  }

  void remove(Reader reader) {
    readers.remove(reader);
  }

  int readers() {
    return readers.size();
  }

  /**
   * What a client that comes back has missed.
   *
   * @param complete false when something is no longer kept, or the id is of another run
   */
  record Missed(boolean complete, List<Item> items) {}

  /** What came after the item with this id; null means that the client has seen none. */
  Missed after(@Nullable String id) {
    if (id == null) {
      return new Missed(true, List.of());
    }
    long number = number(id);
    List<Item> items = new ArrayList<>();
    for (Item item : kept) {
      if (item.number() > number) {
        items.add(item);
      }
    }
    long first = kept.isEmpty() ? lastNumber + 1 : kept.getFirst().number();
    return new Missed(number >= first - 1, items);
  }

  /** -1 for what is no id of this run. */
  private long number(String id) {
    if (!id.startsWith(run + "-")) {
      return -1;
    }
    try {
      long number = Long.parseLong(id.substring(run.length() + 1));
      return number > lastNumber ? -1 : number;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
