// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.qblockd.qapi.BodyCheck;

/**
 * The HTTP API as an OpenAPI 3.1 document, whose schemas are those that the build made from the
 * QAPI schema. Used once, by any thread.
 */
final class OpenApi {
  private static final String DEFINITIONS = "#/$defs/";
  private static final String COMPONENTS = "#/components/schemas/";

  private final JsonObject schemas = new JsonObject();

  /**
   * The document.
   *
   * @param commands the names of those that are served
   * @param events the names of all events
   */
  JsonObject document(String version, List<String> commands, List<String> events) {
    schemas.put("Error", errorSchema());
    JsonObject paths = new JsonObject();
    commands.stream().sorted().forEach(each -> addCommand(paths, each));
    for (String event : events) {
      BodyCheck.text(event + ".event").ifPresent(text -> schema(event + ".event", text));
    }
    addStreams(paths);
    addPlain(paths, "/metrics", "Figures for Prometheus", "text/plain");
    addPlain(paths, "/healthz", "Whether the server is alive", "application/json");
    addPlain(paths, "/readyz", "Whether commands are answered", "application/json");
    addPlain(paths, "/openapi.json", "This document", "application/json");
    JsonObject bearer = new JsonObject().put("type", "http").put("scheme", "bearer");
    JsonObject components =
        new JsonObject()
            .put("schemas", schemas)
            .put("securitySchemes", new JsonObject().put("token", bearer));
    return new JsonObject()
        .put("openapi", "3.1.0")
        .put(
            "info",
            new JsonObject()
                .put("title", "qblockd")
                .put("version", version)
                .put("description", "QMP over HTTP. A body holds the command's arguments.")
                .put(
                    "license",
                    new JsonObject().put("name", "Apache-2.0").put("identifier", "Apache-2.0")))
        .put("jsonSchemaDialect", "https://json-schema.org/draft/2020-12/schema")
        .put(
            "security",
            new JsonArray()
                .add(new JsonObject())
                .add(new JsonObject().put("token", new JsonArray())))
        .put("paths", paths)
        .put("components", components);
  }

  private void addCommand(JsonObject paths, String command) {
    String arguments = BodyCheck.text(command + ".arguments").orElse(null);
    String returned = BodyCheck.text(command + ".return").orElse(null);
    if (arguments == null || returned == null) {
      return;
    }
    JsonObject taken = schema(command + ".arguments", arguments);
    JsonObject given = schema(command + ".return", returned);
    JsonObject success =
        new JsonObject()
            .put("type", "object")
            .put("properties", new JsonObject().put("return", given))
            .put("required", new JsonArray().add("return"));
    JsonObject responses = new JsonObject().put("200", response("Done", success));
    responses.put("400", problem("The arguments do not fit the schema"));
    responses.put("404", problem("The command or the device is not there"));
    responses.put("409", problem("The device is not active"));
    responses.put("422", problem("It cannot be done"));
    responses.put("503", problem("Too many commands wait"));
    JsonObject operation =
        new JsonObject()
            .put("operationId", command)
            .put("summary", new JsonObject(arguments).getString("description", ""))
            .put("requestBody", new JsonObject().put("content", json(taken)))
            .put("responses", responses);
    paths.put("/qmp/" + command, new JsonObject().put("post", operation));
  }

  /** Moves a document's definitions to the components; returns what stands for the document. */
  private JsonObject schema(String name, String text) {
    JsonObject document = (JsonObject) moved(new JsonObject(text));
    JsonObject definitions = document.getJsonObject("$defs", new JsonObject());
    definitions.forEach(each -> schemas.put(each.getKey(), each.getValue()));
    document.remove("$defs");
    document.remove("$schema");
    schemas.put(name, document);
    return new JsonObject().put("$ref", COMPONENTS + name);
  }

  private static Object moved(Object value) {
    if (value instanceof JsonArray array) {
      JsonArray copy = new JsonArray();
      array.forEach(each -> copy.add(moved(each)));
      return copy;
    }
    if (!(value instanceof JsonObject object)) {
      return value;
    }
    JsonObject copy = new JsonObject();
    object.forEach(each -> {
      boolean reference = each.getKey().equals("$ref") && each.getValue() instanceof String;
      Object content =
          reference
              ? each.getValue().toString().replace(DEFINITIONS, COMPONENTS)
              : moved(each.getValue());
      copy.put(each.getKey(), content);
    });
    return copy;
  }

  private static JsonObject errorSchema() {
    JsonObject text = new JsonObject().put("type", "string");
    JsonObject error =
        new JsonObject()
            .put("type", "object")
            .put("properties", new JsonObject().put("class", text).put("desc", text))
            .put("required", new JsonArray().add("class").add("desc"));
    JsonObject violations =
        new JsonObject().put("type", "array").put("items", new JsonObject().put("type", "object"));
    return new JsonObject()
        .put("type", "object")
        .put("properties", new JsonObject().put("error", error).put("violations", violations))
        .put("required", new JsonArray().add("error"));
  }

  private static JsonObject problem(String description) {
    return response(description, new JsonObject().put("$ref", COMPONENTS + "Error"));
  }

  private static JsonObject response(String description, JsonObject schema) {
    return new JsonObject().put("description", description).put("content", json(schema));
  }

  private static JsonObject json(JsonObject schema) {
    return new JsonObject().put("application/json", new JsonObject().put("schema", schema));
  }

  private static void addStreams(JsonObject paths) {
    JsonArray parameters = new JsonArray();
    parameters.add(parameter("kind", "query", "event (if not said), command or all"));
    parameters.add(parameter("name", "query", "names, separated by commas; * is anything"));
    parameters.add(parameter("after", "query", "the id of the last item that was seen"));
    JsonObject sse =
        get("Events as they come, as server-sent events", "text/event-stream")
            .put(
                "parameters",
                parameters.copy().add(parameter("Last-Event-ID", "header", "as 'after'")));
    paths.put("/events", new JsonObject().put("get", sse));
    JsonObject socket =
        new JsonObject()
            .put("summary", "Events as they come, by WebSocket")
            .put("parameters", parameters)
            .put(
                "responses",
                new JsonObject().put("101", new JsonObject().put("description", "WebSocket")));
    paths.put("/events/ws", new JsonObject().put("get", socket));
  }

  private static JsonObject parameter(String name, String place, String description) {
    return new JsonObject()
        .put("name", name)
        .put("in", place)
        .put("description", description)
        .put("schema", new JsonObject().put("type", "string"));
  }

  private static void addPlain(JsonObject paths, String path, String summary, String type) {
    paths.put(path, new JsonObject().put("get", get(summary, type)));
  }

  private static JsonObject get(String summary, String type) {
    JsonObject content = new JsonObject().put(type, new JsonObject());
    JsonObject ok = new JsonObject().put("description", "Done").put("content", content);
    return new JsonObject()
        .put("summary", summary)
        .put("responses", new JsonObject().put("200", ok));
  }
}
