// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.Connection;
import org.qblockd.monitor.Monitor;
import org.qblockd.monitor.Session;

/**
 * A QMP client inside this process: it negotiates, sends requests as text and reads replies and
 * events as text, as one behind a socket does. The event loop only, but for the methods of {@link
 * Connection}.
 */
final class InnerClient implements Connection {
  /** Requests without a reply; more are refused. */
  static final int MAX_WAITING = 128;

  private final Context loop;
  private final Consumer<JsonObject> events;
  private final Map<Long, Promise<JsonObject>> waiting = new HashMap<>();
  private final ArrayDeque<byte[]> unsent = new ArrayDeque<>();
  private final Session session;
  private int unsentFrom;
  private long lastId;
  private boolean closed;

  /**
   * Begins a session.
   *
   * @param loop the event loop
   * @param events takes events; on the event loop
   */
  InnerClient(Monitor monitor, Context loop, Consumer<JsonObject> events) {
    this.loop = loop;
    this.events = events;
    session = monitor.connect(this);
    send("{\"execute\":\"qmp_capabilities\"}");
  }

  /** What commands of this client run in. */
  Session session() {
    return session;
  }

  /**
   * Runs a command.
   *
   * @param arguments a JSON object
   * @return the whole reply, be it a result or an error; fails when too much is waiting or the
   *     session has ended
   */
  Future<JsonObject> call(String command, String arguments) {
    if (closed || waiting.size() >= MAX_WAITING) {
      return Future.failedFuture(new TooBusy());
    }
    long id = ++lastId;
    Promise<JsonObject> reply = Promise.promise();
    waiting.put(id, reply);
    send(
        "{\"execute\":"
            + new JsonText(command)
            + ",\"arguments\":"
            + arguments
            + ",\"id\":"
            + id
            + "}");
    return reply.future();
  }

  /** Runs a command that is known to succeed in most states; null when it does not. */
  Future<@Nullable Object> ask(String command, String arguments) {
    return call(command, arguments).map(reply -> reply.getValue("return"));
  }

  private void send(String request) {
    unsent.add(request.getBytes(UTF_8));
    pump();
  }

  private void pump() {
    while (!unsent.isEmpty()) {
      byte[] first = unsent.getFirst();
      unsentFrom = session.receive(first, unsentFrom, first.length);
      if (unsentFrom < first.length) {
        // The session calls resume.
        return;
      }
      unsentFrom = 0;
      unsent.removeFirst();
    }
  }

  private void take(List<JsonObject> messages) {
    for (JsonObject message : messages) {
      if (message.containsKey("event")) {
        events.accept(message);
        continue;
      }
      Object id = message.remove("id");
      Promise<JsonObject> reply =
          id instanceof Number number ? waiting.remove(number.longValue()) : null;
      if (reply != null) {
        reply.complete(message);
      }
    }
  }

  /** Takes whole messages: the session sends all that it has at once, and all is taken. */
  @Override
  public int write(byte[] bytes, int from, int to) {
    List<JsonObject> messages = new ArrayList<>();
    int begin = from;
    for (int at = from; at < to; at++) {
      if (bytes[at] == '\n') {
        messages.add(new JsonObject(Buffer.buffer().appendBytes(bytes, begin, at - begin)));
        begin = at + 1;
      }
    }
    loop.runOnContext(unused -> take(messages));
    return to - from;
  }

  @Override
  public void resume() {
    loop.runOnContext(unused -> pump());
  }

  @Override
  public void close() {
    loop.runOnContext(unused -> {
      closed = true;
      waiting.values().forEach(each -> each.tryFail(new TooBusy()));
      waiting.clear();
    });
  }

  @Override
  public void closeDescriptor(int descriptor) {
    throw new IllegalStateException("nobody sends descriptors here");
  }

  @Override
  public boolean mayRunCommands() {
    return false;
  }

  /** Too many requests wait, or the session has ended. */
  static final class TooBusy extends Exception {
    private static final long serialVersionUID = 1L;

    TooBusy() {
      super("too many commands wait for their turn");
    }
  }

  /** A string as JSON. */
  private record JsonText(String text) {
    @Override
    public String toString() {
      return io.vertx.core.json.Json.encode(text);
    }
  }
}
