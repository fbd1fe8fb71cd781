// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of one moment on their way to Prometheus. The event loop only. */
final class Samples {
  private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
  private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
  private final Map<String, HistogramSnapshot.Builder> histograms = new LinkedHashMap<>();

  /** A figure that only grows; Prometheus adds {@code _total} to the name. */
  void count(String name, String help, double value, String... labels) {
    counters
        .computeIfAbsent(name, unused -> CounterSnapshot.builder().name(name).help(help))
        .dataPoint(
            CounterSnapshot.CounterDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build());
  }

  /** A figure that grows and shrinks. */
  void gauge(String name, String help, double value, String... labels) {
    gauges
        .computeIfAbsent(name, unused -> GaugeSnapshot.builder().name(name).help(help))
        .dataPoint(
            GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(value)
                .labels(Labels.of(labels))
                .build());
  }

  /**
   * How often something took how long.
   *
   * @param bounds the upper end of each bin in seconds; the last is infinite
   * @param bins the number in each bin alone
   */
  void histogram(
      String name,
      String help,
      List<Double> bounds,
      List<Long> bins,
      double sum,
      String... labels) {
    histograms
        .computeIfAbsent(name, unused -> HistogramSnapshot.builder().name(name).help(help))
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, bins))
                .sum(sum)
                .labels(Labels.of(labels))
                .build());
  }

  MetricSnapshots snapshots() {
    List<MetricSnapshot> all = new ArrayList<>();
    counters.values().forEach(each -> all.add(each.build()));
    gauges.values().forEach(each -> all.add(each.build()));
    histograms.values().forEach(each -> all.add(each.build()));
    return new MetricSnapshots(all);
  }
}
