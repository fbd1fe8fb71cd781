// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What query-blockstats tells of drives, for Prometheus. The event loop only. */
final class DriveSamples {
  private static final double NANOS = 1e9;

  /** The names in QMP and here. */
  private enum Kind {
    READ("rd", "read"),
    WRITE("wr", "write"),
    FLUSH("flush", "flush"),
    UNMAP("unmap", "unmap");

    private final String wireName;
    private final String label;

    Kind(String wireName, String label) {
      this.wireName = wireName;
      this.label = label;
    }
  }

  private final Samples samples;

  DriveSamples(Samples samples) {
    this.samples = samples;
  }

  /** Takes the list that query-blockstats returns. */
  void add(JsonArray drives) {
    for (int i = 0; i < drives.size(); i++) {
      JsonObject drive = drives.getJsonObject(i);
      JsonObject stats = drive.getJsonObject("stats", new JsonObject());
      String device = drive.getString("device", "");
      String name = device.isEmpty() ? drive.getString("qdev", "") : device;
      String node = drive.getString("node-name", "");
      for (Kind kind : Kind.values()) {
        add(stats, kind, "drive", name, "node", node, "operation", kind.label);
      }
      samples.gauge(
          "qblockd_drive_highest_write_bytes",
          "End of the highest write",
          stats.getDouble("wr_highest_offset", 0.0),
          "drive",
          name,
          "node",
          node);
    }
  }

  private void add(JsonObject stats, Kind kind, String... labels) {
    String wire = kind.wireName;
    if (kind != Kind.FLUSH) {
      double bytes = stats.getDouble(wire + "_bytes", 0.0);
      samples.count("qblockd_drive_bytes", "Bytes of requests that succeeded", bytes, labels);
    }
    samples.count(
        "qblockd_drive_operations",
        "Requests that succeeded",
        stats.getDouble(wire + "_operations", 0.0),
        labels);
    samples.count(
        "qblockd_drive_failed_operations",
        "Requests that failed",
        stats.getDouble("failed_" + wire + "_operations", 0.0),
        labels);
    samples.count(
        "qblockd_drive_invalid_operations",
        "Requests that made no sense",
        stats.getDouble("invalid_" + wire + "_operations", 0.0),
        labels);
    double seconds = stats.getDouble(wire + "_total_time_ns", 0.0) / NANOS;
    samples.count("qblockd_drive_seconds", "Time that requests took", seconds, labels);
    JsonObject histogram = stats.getJsonObject(wire + "_latency_histogram");
    if (histogram != null) {
      addHistogram(histogram, seconds, labels);
    }
  }

  /** Drives have one when block-latency-histogram-set has asked for it. */
  private void addHistogram(JsonObject histogram, double seconds, String... labels) {
    List<Double> bounds = new ArrayList<>();
    for (Object boundary : histogram.getJsonArray("boundaries")) {
      bounds.add(((Number) boundary).doubleValue() / NANOS);
    }
    bounds.add(Double.POSITIVE_INFINITY);
    List<Long> bins = new ArrayList<>();
    for (Object bin : histogram.getJsonArray("bins")) {
      bins.add(((Number) bin).longValue());
    }
    samples.histogram(
        "qblockd_drive_latency_seconds", "Latency of requests", bounds, bins, seconds, labels);
  }
}
