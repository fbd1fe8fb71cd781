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

  /** Takes the pairs out of the last lines of a recording. */
  static void strip(List<String> lines) {
    int last = lines.size() - 1;
    if (last < 1 || !lines.get(last).startsWith("<- ") || !lines.get(last - 1).startsWith("<- ")) {
      return;
    }
    Json.Obj second = (Json.Obj) JsonReader.parse(lines.get(last).substring(3));
    Json.Obj first = (Json.Obj) JsonReader.parse(lines.get(last - 1).substring(3));
    String back = BACK.getOrDefault(status(first).orElse(""), "none");
    if (back.equals(status(second).orElse("")) && id(first).equals(id(second))) {
      lines.remove(last);
      lines.remove(last - 1);
    }
  }

  private static String id(Json.Obj message) {
    return message.get("data") instanceof Optional<Json> data
            && data.isPresent()
            && data.get() instanceof Json.Obj members
            && members.get("id").orElse(data.get()) instanceof Json.Str id
        ? id.value()
        : "";
  }

  private static Optional<String> status(Json.Obj message) {
    boolean change =
        message.get("event").equals(Optional.of(new Json.Str("JOB_STATUS_CHANGE")));
    return change
            && message.get("data").orElseThrow() instanceof Json.Obj data
            && data.get("status").orElse(data) instanceof Json.Str status
        ? Optional.of(status.value())
        : Optional.empty();
  }
}
