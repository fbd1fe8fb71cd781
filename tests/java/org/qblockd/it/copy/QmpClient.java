// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * One QMP session: commands one after another, events kept until they are asked for. Its own
 * virtual thread reads; one test thread does everything else.
 */
public final class QmpClient implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = 60;
  private static final JsonObject END = new JsonObject(Map.of());

  private final SocketChannel channel;
  private final LinkedBlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
  private final Deque<JsonObject> events = new ArrayDeque<>();

  /** Takes over a connected channel and finishes the negotiation. */
  QmpClient(SocketChannel channel) throws IOException, InterruptedException {
    this.channel = channel;
    Thread.ofVirtual().name("qmp reader").start(this::read);
    JsonObject greeting = next();
    if (greeting.get("QMP") == null) {
      throw new AssertionError("no greeting: " + JsonWriter.toText(greeting));
    }
    execute("qmp_capabilities");
  }

  private void read() {
    JsonStream stream = new JsonStream();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(buffer) >= 0) {
        int at = 0;
        while (at < buffer.position()) {
          at = stream.feed(buffer.array(), at, buffer.position());
          accept(stream.take());
        }
        buffer.clear();
      }
    } catch (IOException e) {
      // The server went with a byte of ours unread: an end like the other one.
    }
    messages.add(END);
  }

  private void accept(JsonStream.@Nullable Message message) {
    if (message instanceof JsonStream.Complete complete) {
      messages.add((JsonObject) complete.value());
    } else if (message instanceof JsonStream.Malformed malformed) {
      throw new AssertionError("not JSON: " + malformed.description());
    }
  }

  private JsonObject next() throws IOException, InterruptedException {
    JsonObject message = messages.poll(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came in " + WATCHDOG_SECONDS + " s; events " + events);
    }
    if (message.equals(END)) {
      messages.add(END);
      throw new IOException("the server closed its monitor");
    }
    return message;
  }

  /** An object of names and values, by turns; a value is text, a number, a boolean or JSON. */
  public static JsonObject object(Object... namesAndValues) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], value(namesAndValues[i + 1]));
    }
    return new JsonObject(members);
  }

  private static JsonValue value(Object value) {
    return switch (value) {
      case JsonValue json -> json;
      case String text -> new JsonString(text);
      case Boolean truth -> new JsonBool(truth);
      case Number number -> new JsonInteger(number.longValue());
      default -> throw new IllegalArgumentException(value.toString());
    };
  }

  /** Runs a command that must succeed and returns what it returns. */
  public JsonValue execute(String command, Object... arguments)
      throws IOException, InterruptedException {
    return execute(command, object(arguments));
  }

  /** Runs a command that must succeed and returns what it returns. */
  public JsonValue execute(String command, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonObject reply = ask(command, arguments);
    JsonValue result = reply.get("return");
    if (result == null) {
      throw new AssertionError(
          command + " " + JsonWriter.toText(arguments) + " -> " + JsonWriter.toText(reply));
    }
    return result;
  }

  /** Runs a command and returns its reply, with {@code return} or {@code error}. */
  public JsonObject ask(String command, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonObject request = object("execute", command, "arguments", arguments);
    ByteBuffer bytes = ByteBuffer.wrap((JsonWriter.toText(request) + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    while (true) {
      JsonObject message = next();
      if (message.get("event") == null) {
        return message;
      }
      events.add(message);
    }
  }

  /** Waits for an event, also one that has come already, and takes it out. */
  public JsonObject await(Predicate<JsonObject> wanted) throws IOException, InterruptedException {
    JsonObject event = takeSeen(wanted);
    while (event == null) {
      events.add(next());
      event = takeSeen(wanted);
    }
    return event;
  }

  /** Whether an event has come already; it stays. */
  public boolean hasSeen(Predicate<JsonObject> wanted) {
    for (JsonObject message = messages.peek();
        message != null && !message.equals(END) && message.get("event") != null;
        message = messages.peek()) {
      events.add(messages.remove());
    }
    return events.stream().anyMatch(wanted);
  }

  /** Forgets the events that came so far. */
  public void dropEvents() {
    hasSeen(each -> false);
    events.clear();
  }

  private @Nullable JsonObject takeSeen(Predicate<JsonObject> wanted) {
    for (Iterator<JsonObject> each = events.iterator(); each.hasNext(); ) {
      JsonObject event = each.next();
      if (wanted.test(event)) {
        each.remove();
        return event;
      }
    }
    return null;
  }

  /** A text member at a path of names; empty where there is none. */
  public static String text(JsonObject object, String... path) {
    JsonValue value = object;
    for (String name : path) {
      value = value instanceof JsonObject inner ? inner.get(name) : null;
    }
    return value instanceof JsonString text ? text.value() : "";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
