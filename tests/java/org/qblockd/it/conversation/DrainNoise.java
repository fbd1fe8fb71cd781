// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The pauses of a job that only come from QEMU draining nodes while it changes the graph: "paused"
 * with "running" right after it, "standby" with "ready". How many there are depends on timing, so
 * files marked {@code !noise} neither record nor demand them. One thread.
 */
final class DrainNoise {
  private static final Map<String, String> BACK = Map.of("paused", "running", "standby", "ready");

  private final Set<String> open = new HashSet<>();

  /** Whether this unexpected event is noise. */
  boolean absorbs(Json.Obj message) {
    Optional<String> status = status(message);
    if (status.isEmpty()) {
      return false;
    }
    String id = id(message);
    if (BACK.containsKey(status.get())) {
      return open.add(id + BACK.get(status.get()));
    }
    return open.remove(id + status.get());
  }

  /** Takes a pair that the last line ends out of a recording, when no request is in between. */
  static void strip(List<String> lines) {
    int last = lines.size() - 1;
    Json.Obj end = event(lines.get(last));
    for (int i = last - 1; i >= 0 && lines.get(i).startsWith("<- "); i--) {
      if (isPair(event(lines.get(i)), end)) {
        lines.remove(last);
        lines.remove(i);
        return;
      }
    }
  }

  /** Whether the second event takes back the first. */
  static boolean isPair(Json.Obj first, Json.Obj second) {
    String back = BACK.getOrDefault(status(first).orElse(""), "none");
    return back.equals(status(second).orElse("")) && id(first).equals(id(second));
  }

  private static Json.Obj event(String line) {
    return line.startsWith("<- ") && JsonReader.parse(line.substring(3)) instanceof Json.Obj object
        ? object
        : new Json.Obj(Map.of());
  }

  private static String id(Json.Obj message) {
    return data(message, "id").orElse("");
  }

  private static Optional<String> data(Json.Obj message, String name) {
    return message
        .get("data")
        .filter(Json.Obj.class::isInstance)
        .flatMap(data -> ((Json.Obj) data).get(name))
        .filter(Json.Str.class::isInstance)
        .map(value -> ((Json.Str) value).value());
  }

  private static Optional<String> status(Json.Obj message) {
    boolean change = message.get("event").equals(Optional.of(new Json.Str("JOB_STATUS_CHANGE")));
    return change ? data(message, "status") : Optional.empty();
  }
}
