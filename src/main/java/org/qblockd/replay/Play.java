// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.ServerSocketChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.client.Lines;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * Stands for the recorded server: says to a client what it said then, as long as the client asks
 * what was asked then. One client after another, each for one recorded session. One thread.
 */
final class Play {
  private static final String GREETING =
      """
      {"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "recorded"},
               "capabilities": ["oob"]}}
      """;

  private final RecordedTalk talk;
  private final PrintStream out;
  private final Comparison comparison;
  private int strangers;

  /**
   * A server.
   *
   * @param out where requests that were not recorded are told
   * @param ignored members of requests that do not count
   */
  Play(RecordedTalk talk, PrintStream out, Set<String> ignored) {
    this.talk = talk;
    this.out = out;
    this.comparison = new Comparison(ignored);
  }

  /** Serves all sessions once; returns how many requests were not as recorded. */
  int serve(ServerSocketChannel listener) throws IOException {
    for (int session = 1; session <= talk.sessions(); session++) {
      try (Lines client = new Lines(listener.accept())) {
        serve(client, talk.of(session));
      }
    }
    return strangers;
  }

  private void serve(Lines client, List<RecordedTalk.Line> lines) throws IOException {
    if (!talk.greets()) {
      negotiate(client);
    }
    JsonValue id = null;
    for (RecordedTalk.Line line : lines) {
      if (!line.request()) {
        client.write(line.event() ? stamped(line.message()) : answer(line.message(), id));
        continue;
      }
      JsonObject request = await(client, line);
      if (request == null) {
        return;
      }
      id = request.get("id");
    }
    // All has been said; what comes now was not recorded.
    for (JsonValue more = client.read(); more != null; more = client.read()) {
      refuse(client, more, "nothing");
    }
  }

  private void negotiate(Lines client) throws IOException {
    try {
      client.write(JsonStream.parse(GREETING));
    } catch (JsonSyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
    JsonValue first = client.read();
    if (first instanceof JsonObject request) {
      client.write(answer(new JsonObject(Map.of("return", JsonObject.EMPTY)), request.get("id")));
    }
  }

  /** The recorded request; others are refused. Null when the client has gone. */
  private @Nullable JsonObject await(Lines client, RecordedTalk.Line line) throws IOException {
    JsonObject expected = without(line.message());
    for (JsonValue got = client.read(); got != null; got = client.read()) {
      if (got instanceof JsonObject request && comparison.same(expected, without(request))) {
        return request;
      }
      refuse(client, got, "line " + line.number() + ": " + JsonWriter.toText(expected));
    }
    return null;
  }

  private void refuse(Lines client, JsonValue got, String expected) throws IOException {
    strangers++;
    out.println("not recorded: " + JsonWriter.toText(got));
    out.println("    expected: " + expected);
    Map<String, JsonValue> error = new LinkedHashMap<>();
    error.put("class", new JsonString("GenericError"));
    error.put("desc", new JsonString("The recording has another request here"));
    JsonValue id = got instanceof JsonObject request ? request.get("id") : null;
    client.write(answer(new JsonObject(Map.of("error", new JsonObject(error))), id));
  }

  /** The identifier is the client's own. */
  private static JsonObject without(JsonObject message) {
    Map<String, JsonValue> members = new LinkedHashMap<>(message.members());
    members.remove("id");
    if (members.get("arguments") instanceof JsonObject none && none.members().isEmpty()) {
      members.remove("arguments");
    }
    return new JsonObject(members);
  }

  private static JsonObject answer(JsonObject recorded, @Nullable JsonValue id) {
    Map<String, JsonValue> members = new LinkedHashMap<>(recorded.members());
    members.remove("id");
    if (id != null) {
      members.put("id", id);
    }
    return new JsonObject(members);
  }

  /** Conversations of the tests have no timestamps. */
  private static JsonObject stamped(JsonObject event) {
    if (event.get("timestamp") != null) {
      return event;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>(event.members());
    members.put(
        "timestamp",
        new JsonObject(
            Map.of(
                "seconds", new JsonValue.JsonInteger(0),
                "microseconds", new JsonValue.JsonInteger(0))));
    return new JsonObject(members);
  }
}
