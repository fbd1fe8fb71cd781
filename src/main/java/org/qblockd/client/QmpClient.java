// SPDX-License-Identifier: Apache-2.0
package org.qblockd.client;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * A QMP session with any server. Any thread; listeners are called on the thread that reads the
 * socket.
 */
public final class QmpClient implements AutoCloseable {
  private final Lines lines;
  private final JsonObject greeting;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
  private final List<Consumer<JsonObject>> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  private QmpClient(Lines lines, JsonObject greeting) {
    this.lines = lines;
    this.greeting = greeting;
  }

  /** Connects, reads the greeting and leaves negotiation behind. */
  public static QmpClient connect(QmpAddress address) throws IOException {
    return over(new Lines(address.connect()), address.text(), event -> {});
  }

  /** As {@link #connect(QmpAddress)}, with a listener that misses no event. */
  public static QmpClient connect(QmpAddress address, Consumer<JsonObject> listener)
      throws IOException {
    return over(new Lines(address.connect()), address.text(), listener);
  }

  /** Begins a session over a socket on which the server has not said anything yet. */
  public static QmpClient over(Lines lines, String place, Consumer<JsonObject> listener)
      throws IOException {
    try {
      JsonValue first = lines.read();
      if (!(first instanceof JsonObject object) || object.get("QMP") == null) {
        throw new IOException("'" + place + "' is no QMP server: it says " + first);
      }
      QmpClient client = new QmpClient(lines, object);
      client.listeners.add(listener);
      Thread.ofPlatform().name("qmp-client").daemon(true).start(client::readAll);
      JsonValue unused = client.execute("qmp_capabilities", JsonObject.EMPTY);
      return client;
    } catch (IOException e) {
      lines.close();
      throw e;
    } catch (QmpException e) {
      lines.close();
      throw new IOException("'" + place + "' refuses the session: " + e.text(), e);
    }
  }

  /** What the server said first. */
  public JsonObject greeting() {
    return greeting;
  }

  /** The server's package, as {@code qblockd-0.1.0}; empty when it says none. */
  public String serverPackage() {
    return greeting.get("QMP") instanceof JsonObject qmp
            && qmp.get("version") instanceof JsonObject version
            && version.get("package") instanceof JsonString name
        ? name.value()
        : "";
  }

  /** Hears of all events from now on. */
  public void onEvent(Consumer<JsonObject> listener) {
    listeners.add(listener);
  }

  /** Is run when the session has ended, at once if it has. */
  public void onEnd(Runnable action) {
    var unused = ended.thenRun(action);
  }

  /** Whether the server has gone. */
  public boolean hasEnded() {
    return ended.isDone();
  }

  /**
   * Runs a command and waits for its reply.
   *
   * @return the member {@code return}
   * @throws QmpException what the server refuses it with
   * @throws IOException when the session ends before
   */
  public JsonValue execute(String command, JsonObject arguments) throws QmpException, IOException {
    Map<String, JsonValue> request = new LinkedHashMap<>();
    request.put("execute", new JsonString(command));
    if (!arguments.members().isEmpty()) {
      request.put("arguments", arguments);
    }
    return result(request(new JsonObject(request)));
  }

  /** Runs a command without arguments. */
  public JsonValue execute(String command) throws QmpException, IOException {
    return execute(command, JsonObject.EMPTY);
  }

  /** What a reply returns. */
  public static JsonValue result(JsonObject reply) throws QmpException {
    if (reply.get("error") instanceof JsonObject error) {
      throw new QmpException(
          errorClass(JsonMembers.text(error, "class")), JsonMembers.text(error, "desc"));
    }
    JsonValue returned = reply.get("return");
    return returned == null ? JsonObject.EMPTY : returned;
  }

  private static ErrorClass errorClass(String name) {
    for (ErrorClass each : ErrorClass.values()) {
      if (each.wireName().equals(name)) {
        return each;
      }
    }
    return ErrorClass.GENERIC_ERROR;
  }

  /** Sends a request with an identifier of our own and waits for the whole reply. */
  private JsonObject request(JsonObject request) throws IOException {
    long id = ids.incrementAndGet();
    CompletableFuture<JsonObject> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    Map<String, JsonValue> members = new LinkedHashMap<>(request.members());
    members.put("id", new JsonInteger(id));
    try {
      lines.write(new JsonObject(members));
      if (ended.isDone()) {
        throw new IOException("the server has closed the session");
      }
      return reply.get();
    } catch (ExecutionException e) {
      throw new IOException("the server has closed the session", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      waiting.remove(id);
    }
  }

  private void readAll() {
    Exception reason = new IOException("end of input");
    try {
      for (JsonValue value = lines.read(); value != null; value = lines.read()) {
        if (value instanceof JsonObject message) {
          arrived(message);
        }
      }
    } catch (IOException e) {
      reason = e;
    }
    ended.complete(null);
    for (CompletableFuture<JsonObject> reply : waiting.values()) {
      reply.completeExceptionally(reason);
    }
  }

  private void arrived(JsonObject message) {
    if (message.get("event") != null) {
      listeners.forEach(listener -> listener.accept(message));
    } else if (message.get("id") instanceof JsonInteger id) {
      CompletableFuture<JsonObject> reply = waiting.get(id.value());
      if (reply != null) {
        reply.complete(message);
      }
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
