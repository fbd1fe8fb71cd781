// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What queries tell of jobs, bitmaps and replication, for Prometheus. The event loop only. */
final class JobSamples {
  private static final double MILLIS = 1e3;

  private final Samples samples;

  JobSamples(Samples samples) {
    this.samples = samples;
  }

  /** Takes the list that query-jobs returns. */
  void addJobs(JsonArray jobs) {
    for (int i = 0; i < jobs.size(); i++) {
      JsonObject job = jobs.getJsonObject(i);
      String id = job.getString("id");
      String type = job.getString("type");
      double done = job.getDouble("current-progress");
      double total = job.getDouble("total-progress");
      samples.gauge(
          "qblockd_job_progress", "What is done, mostly bytes", done, "job", id, "type", type);
      samples.gauge(
          "qblockd_job_total", "What is to be done in all", total, "job", id, "type", type);
      samples.gauge(
          "qblockd_job_status",
          "1 for the status it has",
          1,
          "job",
          id,
          "type",
          type,
          "status",
          job.getString("status"));
    }
  }

  /** Takes the list that query-block-jobs returns. */
  void addBlockJobs(JsonArray jobs) {
    for (int i = 0; i < jobs.size(); i++) {
      JsonObject job = jobs.getJsonObject(i);
      samples.gauge(
          "qblockd_job_speed_limit_bytes",
          "Bytes a second that the job may copy; 0 for any",
          job.getDouble("speed"),
          "job",
          job.getString("device"));
    }
  }

  /** Takes the list that query-named-block-nodes returns. */
  void addNodes(JsonArray nodes) {
    for (int i = 0; i < nodes.size(); i++) {
      JsonObject node = nodes.getJsonObject(i);
      JsonArray bitmaps = node.getJsonArray("dirty-bitmaps", new JsonArray());
      for (int j = 0; j < bitmaps.size(); j++) {
        JsonObject bitmap = bitmaps.getJsonObject(j);
        samples.gauge(
            "qblockd_node_dirty_bytes",
            "What a bitmap has recorded; those of jobs have no name, but a number",
            bitmap.getDouble("count"),
            "node",
            node.getString("node-name"),
            "bitmap",
            bitmap.getString("name", "#" + j));
      }
    }
  }

  /** Takes what query-migrate returns: figures of COLO's checkpoints, where there are any. */
  void addMigration(JsonObject migration) {
    for (String name : migration.fieldNames()) {
      Object value = migration.getValue(name);
      if (!name.contains("checkpoint") || !(value instanceof Number number)) {
        continue;
      }
      boolean time = name.contains("time") || name.contains("delay");
      String metric = "qblockd_colo_" + name.replace('-', '_') + (time ? "_seconds" : "");
      double figure = time ? number.doubleValue() / MILLIS : number.doubleValue();
      samples.gauge(metric, "From query-migrate", figure);
    }
  }
}
