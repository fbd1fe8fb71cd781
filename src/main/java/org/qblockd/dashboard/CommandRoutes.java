// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.qblockd.qapi.BodyCheck;

/** {@code POST /qmp/COMMAND}, the body being the command's arguments. The event loop only. */
final class CommandRoutes {
  private static final long MAX_BODY_BYTES = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}");

  /** Says that the page only looks: such commands are not among those that it shows. */
  private static final String LOOKS = "X-Qblockd-Looks";

  private final InnerClient client;
  private final InnerClient quiet;
  private final BodyCheck check;

  /**
   * Runs commands by {@code client}, or by {@code quiet} those that nobody is to be told of.
   *
   * @param check knows the schemas
   */
  CommandRoutes(InnerClient client, InnerClient quiet, BodyCheck check) {
    this.client = client;
    this.quiet = quiet;
    this.check = check;
  }

  void mount(Router router) {
    router
        .post("/qmp/:command")
        .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
        .handler(this::run);
  }

  private void run(RoutingContext request) {
    String command = String.valueOf(request.pathParam("command"));
    if (!NAME.matcher(command).matches() || !check.knows(command)) {
      Answers.qmp(
          request,
          Answers.error("CommandNotFound", "The command " + command + " has not been found"));
      return;
    }
    String body = body(request);
    if (body == null) {
      return;
    }
    Optional<BodyCheck.Verdict> verdict = check.check(command, body);
    if (verdict.isPresent()) {
      Answers.invalid(request, verdict.get());
      return;
    }
    boolean looks = command.startsWith("query-") || command.startsWith("x-");
    InnerClient by = looks && request.request().headers().contains(LOOKS) ? quiet : client;
    by.call(command, body)
        .onSuccess(reply -> Answers.qmp(request, reply))
        .onFailure(e -> {
          request.response().putHeader("Retry-After", "1");
          Answers.refuse(request, 503, String.valueOf(e.getMessage()));
        });
  }

  /** The body as one JSON object in one line; null when a refusal has been sent. */
  private static @org.jspecify.annotations.Nullable String body(RoutingContext request) {
    if (request.body().length() <= 0) {
      return "{}";
    }
    String type = request.request().getHeader("Content-Type");
    boolean json =
        type != null
            && type.toLowerCase(Locale.ROOT).replaceAll("\\s*;.*", "").equals("application/json");
    if (!json) {
      Answers.refuse(request, 415, "the body must be of the type application/json");
      return null;
    }
    try {
      JsonObject object = request.body().asJsonObject();
      if (object != null) {
        return object.encode();
      }
    } catch (DecodeException | ClassCastException e) {
      // Answered below.
    }
    Answers.refuse(request, 400, "the body must be a JSON object: the command's arguments");
    return null;
  }
}
