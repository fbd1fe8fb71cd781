// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code /healthz}, {@code /readyz}, {@code /figures} and {@code /openapi.json}. The event loop
 * only.
 */
final class StateRoutes {
  /** How long a ready server may take to answer a query. */
  private static final long READY_SECONDS = 2;

  private final Vertx vertx;
  private final InnerClient quiet;
  private final Metrics metrics;
  private final String version;
  private @Nullable String document;

  StateRoutes(Vertx vertx, InnerClient quiet, Metrics metrics, String version) {
    this.vertx = vertx;
    this.quiet = quiet;
    this.metrics = metrics;
    this.version = version;
  }

  void mount(Router router) {
    router.get("/healthz").handler(request -> state(request, 200, "alive"));
    router.get("/readyz").handler(this::ready);
    router.get("/figures").handler(this::figures);
    router.get("/openapi.json").handler(this::document);
  }

  private static void state(RoutingContext request, int status, String state) {
    Answers.send(request, status, new JsonObject().put("state", state));
  }

  private void ready(RoutingContext request) {
    quiet
        .call("query-status", "{}")
        .timeout(READY_SECONDS, TimeUnit.SECONDS)
        .onSuccess(unused -> state(request, 200, "ready"))
        .onFailure(unused -> state(request, 503, "busy"));
  }

  private void figures(RoutingContext request) {
    metrics
        .moment()
        .onSuccess(moment -> {
          JsonArray nodes = new JsonArray();
          for (Figures.NodeFigures node : moment.nodes()) {
            nodes.add(
                new JsonObject()
                    .put("node", node.node())
                    .put("in-flight", node.inFlight())
                    .put("operations", node.operations())
                    .put("bytes", node.bytes()));
          }
          JsonArray exports = new JsonArray();
          for (Figures.ExportFigures export : moment.exports()) {
            exports.add(
                new JsonObject()
                    .put("export", export.export())
                    .put("node", export.node())
                    .put("clients", export.clients()));
          }
          JsonObject all = new JsonObject().put("nodes", nodes).put("exports", exports);
          Answers.send(request, 200, all);
        });
  }

  /** Made when first asked for, on a thread that may take its time. */
  private void document(RoutingContext request) {
    String made = document;
    if (made != null) {
      sendDocument(request, made);
      return;
    }
    quiet
        .call("query-commands", "{}")
        .compose(reply ->
            quiet
                .call("query-qmp-schema", "{}")
                .compose(schema -> vertx.executeBlocking(() -> text(reply, schema))))
        .onSuccess(text -> {
          document = text;
          sendDocument(request, text);
        })
        .onFailure(e -> Answers.refuse(request, 503, String.valueOf(e.getMessage())));
  }

  private String text(JsonObject commands, JsonObject schema) {
    List<String> events =
        objects(schema).stream()
            .filter(each -> "event".equals(each.getString("meta-type")))
            .map(each -> each.getString("name"))
            .toList();
    List<String> names = objects(commands).stream().map(each -> each.getString("name")).toList();
    return new OpenApi().document(version, names, events).encode();
  }

  private static List<JsonObject> objects(JsonObject reply) {
    return reply.getJsonArray("return").stream().map(JsonObject.class::cast).toList();
  }

  private static void sendDocument(RoutingContext request, String text) {
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-cache")
        .end(text);
  }
}
