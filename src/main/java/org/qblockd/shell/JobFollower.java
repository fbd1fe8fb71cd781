// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.client.QmpClient;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * Shows a job's progress until it waits for somebody or is gone: a bar on a terminal, a line for
 * each change of state elsewhere. One thread.
 */
final class JobFollower {
  private static final long REFRESH_NANOS = 200_000_000;
  private static final int BAR_WIDTH = 30;
  private static final Set<String> RESTING = Set.of("ready", "standby", "pending", "concluded");

  private final QmpClient client;
  private final EventQueue events;
  private final Consumer<String> line;
  private final @Nullable Consumer<String> bar;
  private String shown = "";

  /**
   * A follower.
   *
   * @param line shows a whole line
   * @param bar shows a line that the next one replaces; null where there is no terminal
   */
  JobFollower(
      QmpClient client, EventQueue events, Consumer<String> line, @Nullable Consumer<String> bar) {
    this.client = client;
    this.events = events;
    this.line = line;
    this.bar = bar;
  }

  /** Follows a job; returns whether it has not failed. */
  boolean follow(String id) throws IOException, QmpException {
    shown = "";
    JsonObject job = find(id);
    if (job == null) {
      line.accept("Error: there is no job '" + id + "'");
      return false;
    }
    JsonObject last = job;
    while (job != null && !RESTING.contains(JsonMembers.text(job, "status"))) {
      last = job;
      long seen = events.arrivals();
      show(job);
      events.awaitMore(seen, REFRESH_NANOS);
      job = find(id);
    }
    return end(id, job, last);
  }

  private boolean end(String id, @Nullable JsonObject job, JsonObject last) {
    if (job != null) {
      line.accept(describe(job));
      String error = JsonMembers.text(job, "error");
      if (!error.isEmpty()) {
        line.accept("Error: " + error);
      }
      return error.isEmpty();
    }
    // It has dismissed itself: its last event says how it ended.
    String error = failure(id);
    line.accept(error.isEmpty() ? describe(last, "gone") : id + ": " + error);
    return error.isEmpty();
  }

  private String failure(String id) {
    JsonObject all = JsonObject.EMPTY;
    JsonObject cancelled = events.peek("BLOCK_JOB_CANCELLED", "device", id);
    JsonObject completed = events.peek("BLOCK_JOB_COMPLETED", "device", id);
    if (cancelled != null) {
      return "cancelled";
    }
    JsonObject data =
        completed != null && completed.get("data") instanceof JsonObject object ? object : all;
    return JsonMembers.text(data, "error");
  }

  private @Nullable JsonObject find(String id) throws IOException, QmpException {
    for (JsonObject job : JsonMembers.objects(client.execute("query-jobs"))) {
      if (JsonMembers.text(job, "id").equals(id)) {
        return job;
      }
    }
    return null;
  }

  private void show(JsonObject job) {
    Consumer<String> terminal = bar;
    if (terminal != null) {
      terminal.accept(describe(job));
    } else if (!JsonMembers.text(job, "status").equals(shown)) {
      shown = JsonMembers.text(job, "status");
      line.accept(describe(job));
    }
  }

  private static String describe(JsonObject job) {
    return describe(job, JsonMembers.text(job, "status"));
  }

  static String describe(JsonObject job, String status) {
    long current = number(job, "current-progress");
    long total = number(job, "total-progress");
    double part = total == 0 ? 0 : Math.min(1, (double) current / total);
    int full = (int) (part * BAR_WIDTH);
    return "%s [%s%s] %3d%% %s of %s %s"
        .formatted(
            JsonMembers.text(job, "id"),
            "#".repeat(full),
            "-".repeat(BAR_WIDTH - full),
            (int) (part * 100),
            Sizes.of(current),
            Sizes.of(total),
            status);
  }

  private static long number(JsonObject object, String member) {
    return object.get(member) instanceof JsonInteger number ? number.value() : 0;
  }
}
