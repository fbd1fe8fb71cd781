// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events and commands as they come: {@code GET /events} as server-sent events, {@code GET
 * /events/ws} by WebSocket. The event loop only.
 */
final class StreamRoutes {
  /** A reader that is further behind is dropped; it may come back with the last id it has seen. */
  private static final int MAX_BEHIND_BYTES = 1 << 20;

  /** Keeps proxies and our own idle timer from ending a quiet stream. */
  private static final long PING_MILLIS = 15_000;

  private final Vertx vertx;
  private final EventHub hub;
  private final List<Runnable> ends = new ArrayList<>();

  StreamRoutes(Vertx vertx, EventHub hub) {
    this.vertx = vertx;
    this.hub = hub;
  }

  void mount(Router router) {
    router.get("/events").handler(this::serverSent);
    router.get("/events/ws").handler(this::webSocket);
  }

  /** The server ends. */
  void close() {
    List.copyOf(ends).forEach(Runnable::run);
  }

  /** A filter and a place, or the refusal that has been sent. */
  private @Nullable StreamFilter admit(RoutingContext request) {
    Optional<StreamFilter> filter = StreamFilter.of(request.queryParams());
    if (filter.isEmpty()) {
      Answers.refuse(request, 400, "kind is event, command or all; name is a list such as JOB_*");
      return null;
    }
    if (!hub.hasRoom()) {
      Answers.refuse(request, 503, "too many streams are open");
      return null;
    }
    return filter.get();
  }

  private void serverSent(RoutingContext request) {
    StreamFilter filter = admit(request);
    if (filter == null) {
      return;
    }
    HttpServerResponse response = request.response();
    response.setChunked(true);
    response.putHeader("Content-Type", "text/event-stream; charset=utf-8");
    response.putHeader("Cache-Control", "no-store");
    response.setWriteQueueMaxSize(MAX_BEHIND_BYTES);
    String seen = request.request().getHeader("Last-Event-ID");
    String after = seen == null ? request.queryParams().get("after") : seen;
    response.write("retry: 1000\nid: " + hub.lastId() + "\nevent: hello\ndata: {}\n\n");
    EventHub.Missed missed = hub.after(after);
    if (!missed.complete()) {
      response.write("event: gap\ndata: {}\n\n");
    }
    EventHub.Reader reader =
        new EventHub.Reader() {
          @Override
          public void take(EventHub.Item item) {
            if (response.writeQueueFull()) {
              response.reset();
            } else if (filter.wants(item)) {
              response.write(text(item));
            }
          }
        };
    missed.items().forEach(reader::take);
    long ping = vertx.setPeriodic(PING_MILLIS, unused -> response.write(": ping\n\n"));
    Runnable end = response::end;
    begin(reader, end);
    response.closeHandler(unused -> finish(reader, end, ping));
    response.endHandler(unused -> finish(reader, end, ping));
    response.exceptionHandler(unused -> finish(reader, end, ping));
  }

  private static String text(EventHub.Item item) {
    String kind = item.kind().wireName();
    return "id: " + item.id() + "\nevent: " + kind + "\ndata: " + item.content().encode() + "\n\n";
  }

  private void webSocket(RoutingContext request) {
    StreamFilter filter = admit(request);
    if (filter == null) {
      return;
    }
    String after = request.queryParams().get("after");
    request
        .request()
        .toWebSocket()
        .onSuccess(socket -> serve(socket, filter, after))
        .onFailure(e -> {
          if (!request.response().ended() && !request.response().headWritten()) {
            Answers.refuse(request, 400, "a WebSocket is wanted here");
          }
        });
  }

  private void serve(ServerWebSocket socket, StreamFilter filter, @Nullable String after) {
    socket.setWriteQueueMaxSize(MAX_BEHIND_BYTES);
    EventHub.Missed missed = hub.after(after);
    socket.writeTextMessage(new JsonObject().put("kind", "hello").put("id", hub.lastId()).encode());
    if (!missed.complete()) {
      socket.writeTextMessage(new JsonObject().put("kind", "gap").encode());
    }
    EventHub.Reader reader =
        new EventHub.Reader() {
          @Override
          public void take(EventHub.Item item) {
            if (socket.writeQueueFull()) {
              socket.close((short) 1013);
            } else if (filter.wants(item)) {
              socket.writeTextMessage(message(item));
            }
          }
        };
    missed.items().forEach(reader::take);
    long ping =
        vertx.setPeriodic(
            PING_MILLIS, unused -> socket.writePing(io.vertx.core.buffer.Buffer.buffer("ping")));
    Runnable end = socket::close;
    begin(reader, end);
    // What the client sends has no meaning.
    socket.handler(unused -> {});
    socket.closeHandler(unused -> finish(reader, end, ping));
    socket.exceptionHandler(unused -> finish(reader, end, ping));
  }

  private static String message(EventHub.Item item) {
    return new JsonObject()
        .put("id", item.id())
        .put("kind", item.kind().wireName())
        .put("content", item.content())
        .encode();
  }

  private void begin(EventHub.Reader reader, Runnable end) {
    hub.add(reader);
    ends.add(end);
  }

  private void finish(EventHub.Reader reader, Runnable end, long ping) {
    vertx.cancelTimer(ping);
    hub.remove(reader);
    ends.remove(end);
  }
}
