// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.monitor.CommandWatcher;

/**
 * {@code GET /metrics}: what has been counted since the start, and what queries and the server's
 * figures tell at this moment. The event loop only.
 */
final class Metrics {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final Duration[] BOUNDS = {
    Duration.ofNanos(100_000),
    Duration.ofMillis(1),
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Context loop;
  private final InnerClient quiet;
  private final Figures figures;
  private MetricSnapshots latest = MetricSnapshots.of();
  private @Nullable Future<String> running;

  Metrics(Context loop, InnerClient quiet, Figures figures, EventHub hub) {
    this.loop = loop;
    this.quiet = quiet;
    this.figures = figures;
    registry.getPrometheusRegistry().register(new Latest());
    Gauge.builder("qblockd.dashboard.streams", hub, EventHub::readers)
        .description("Readers of events")
        .register(registry);
    Runtime runtime = Runtime.getRuntime();
    Gauge.builder(
            "qblockd.heap.used.bytes", runtime, each -> each.totalMemory() - each.freeMemory())
        .description("Memory of the program's objects")
        .register(registry);
  }

  /** A class, since the collector's list changes with each scrape. */
  private final class Latest implements MultiCollector {
    @Override
    public MetricSnapshots collect() {
      return latest;
    }
  }

  void mount(Router router) {
    router.get("/metrics").handler(this::scrape);
  }

  /** A command has been run. */
  void count(CommandWatcher.Call call, boolean known) {
    String command = known ? call.command() : "unknown";
    Timer.builder("qblockd.qmp.command")
        .description("Commands and the time that they took")
        .tag("command", command)
        .serviceLevelObjectives(BOUNDS)
        .register(registry)
        .record(Duration.ofNanos(call.nanos()));
    String errorClass = call.errorClass();
    if (errorClass != null) {
      Counter.builder("qblockd.qmp.errors")
          .description("Commands that failed")
          .tag("command", command)
          .tag("class", errorClass)
          .register(registry)
          .increment();
    }
  }

  /** An event has been sent. */
  void countEvent(String name) {
    Counter.builder("qblockd.qmp.events")
        .description("Events that were sent")
        .tag("event", name)
        .register(registry)
        .increment();
  }

  private void scrape(RoutingContext request) {
    Future<String> collecting = running;
    if (collecting == null) {
      collecting = collect();
      running = collecting;
    }
    collecting
        .onSuccess(text -> request.response().putHeader("Content-Type", TYPE).end(text))
        .onFailure(
            e -> Answers.refuse(request, 503, "the figures cannot be had: " + e.getMessage()))
        .onComplete(unused -> running = null);
  }

  private Future<String> collect() {
    Future<@Nullable Object> nodes = quiet.ask("query-named-block-nodes", "{\"flat\":true}");
    Future<@Nullable Object> stats = quiet.ask("query-blockstats", "{}");
    Future<@Nullable Object> jobs = quiet.ask("query-jobs", "{}");
    Future<@Nullable Object> blockJobs = quiet.ask("query-block-jobs", "{}");
    Future<@Nullable Object> migration = quiet.ask("query-migrate", "{}");
    Future<Figures.Moment> moment = moment();
    return Future.all(List.of(nodes, stats, jobs, blockJobs, migration, moment))
        .map(unused -> {
          Samples samples = new Samples();
          new DriveSamples(samples).add(list(stats.result()));
          JobSamples more = new JobSamples(samples);
          more.addNodes(list(nodes.result()));
          more.addJobs(list(jobs.result()));
          more.addBlockJobs(list(blockJobs.result()));
          if (migration.result() instanceof JsonObject object) {
            more.addMigration(object);
          }
          addMoment(samples, moment.result());
          latest = samples.snapshots();
          return registry.scrape(TYPE);
        });
  }

  /** The figures of this moment, on the event loop. */
  Future<Figures.Moment> moment() {
    Promise<Figures.Moment> promise = Promise.promise();
    figures.collect(moment -> loop.runOnContext(unused -> promise.complete(moment)));
    return promise.future();
  }

  private static JsonArray list(@Nullable Object result) {
    return result instanceof JsonArray array ? array : new JsonArray();
  }

  private static void addMoment(Samples samples, Figures.Moment moment) {
    for (Figures.NodeFigures node : moment.nodes()) {
      String[] labels = {"node", node.node(), "driver", node.driver()};
      samples.gauge(
          "qblockd_node_in_flight", "Requests that have not ended", node.inFlight(), labels);
      samples.count("qblockd_node_operations", "Requests of all kinds", node.operations(), labels);
      samples.count("qblockd_node_bytes", "Bytes of requests of all kinds", node.bytes(), labels);
    }
    for (Figures.ExportFigures export : moment.exports()) {
      samples.gauge(
          "qblockd_export_clients",
          "Connections that use an export",
          export.clients(),
          "export",
          export.export(),
          "node",
          export.node());
    }
  }
}
