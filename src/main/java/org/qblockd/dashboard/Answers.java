// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.qblockd.qapi.BodyCheck;

/** Replies of the HTTP API in JSON: QMP's own objects. Stateless; the event loop. */
final class Answers {
  private static final String GENERIC = "GenericError";

  private Answers() {}

  /** Sends a reply of QMP with the status that fits it. */
  static void qmp(RoutingContext request, JsonObject reply) {
    JsonObject error = reply.getJsonObject("error");
    send(request, error == null ? 200 : status(error.getString("class", GENERIC)), reply);
  }

  /** The status of an error: its class says what the client could do. */
  static int status(String errorClass) {
    return switch (errorClass) {
      case "CommandNotFound", "DeviceNotFound" -> 404;
      case "DeviceNotActive" -> 409;
      case "KVMMissingCap" -> 501;
      // It was understood, and could not be done.
      default -> 422;
    };
  }

  /** Sends an error that QMP never saw. */
  static void refuse(RoutingContext request, int status, String sentence) {
    send(request, status, error(GENERIC, sentence));
  }

  static JsonObject error(String errorClass, String sentence) {
    return new JsonObject()
        .put("error", new JsonObject().put("class", errorClass).put("desc", sentence));
  }

  /** Sends what is wrong with a body. */
  static void invalid(RoutingContext request, BodyCheck.Verdict verdict) {
    JsonArray findings = new JsonArray();
    List<BodyCheck.Finding> all = verdict.findings();
    for (BodyCheck.Finding each : all) {
      findings.add(
          new JsonObject()
              .put("at", each.at())
              .put("keyword", each.keyword())
              .put("message", each.message()));
    }
    send(request, 400, error(GENERIC, verdict.sentence()).put("violations", findings));
  }

  /** Sends any object. */
  static void send(RoutingContext request, int status, JsonObject content) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(content.encode());
  }
}
