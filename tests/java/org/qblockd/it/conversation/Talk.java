// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What playing and recording share: a started server and what it said so far. One thread. */
final class Talk implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = Integer.getInteger("conversations.watchdog", 60);

  final Conversation conversation;
  final ScratchDirectory scratch;
  final Bindings bindings;
  final long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
  private final Map<Integer, List<Json.Obj>> seen = new HashMap<>();
  private final ServerProcess server;

  /** Sets up the scratch directory, starts the server, negotiates unless the file does. */
  Talk(Conversation conversation, Target target) throws IOException, InterruptedException {
    this.conversation = conversation;
    scratch = ScratchDirectory.create(conversation.file());
    bindings = new Bindings(scratch.path());
    try {
      for (String command : conversation.setup()) {
        scratch.setup(command);
      }
      server = ServerProcess.start(target, conversation, bindings, scratch.path(), deadlineNanos);
    } catch (IOException | ConversationFailure e) {
      scratch.close();
      throw e;
    }
    try {
      for (int i = 1; i <= conversation.monitors() && !conversation.greeting(); i++) {
        negotiate(i);
      }
    } catch (ConversationFailure e) {
      int status = server.awaitExit(deadlineNanos);
      List<String> errors = server.errors();
      close();
      throw new ConversationFailure(
          conversation.file()
              + ": "
              + e.getMessage()
              + ", status "
              + status
              + "\n    "
              + String.join("\n    ", errors));
    }
  }

  private void negotiate(int monitor) throws IOException, InterruptedException {
    Json.Obj greeting = message(monitor);
    if (greeting.get("QMP").isEmpty()) {
      throw new ConversationFailure("no greeting but " + greeting.write());
    }
    send(monitor, "{\"execute\": \"qmp_capabilities\"}\n");
    Json.Obj reply = message(monitor);
    if (!reply.write().equals("{\"return\": {}}")) {
      throw new ConversationFailure("negotiation: " + reply.write());
    }
  }

  ServerProcess server() {
    return server;
  }

  void send(int monitor, String text) throws IOException {
    server.monitor(monitor).send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(Step.Send step) throws IOException {
    byte[] bytes = bindings.expand(step.bytes()).getBytes(StandardCharsets.ISO_8859_1);
    server.monitor(step.monitor()).send(bytes);
  }

  /** The next message, or empty at the end of the connection. */
  Optional<Json.Obj> next(int monitor) throws InterruptedException {
    Optional<String> line = server.monitor(monitor).next(deadlineNanos);
    if (line.isEmpty()) {
      return Optional.empty();
    }
    Json value = parse(line.get());
    if (!(value instanceof Json.Obj object)) {
      throw new ConversationFailure("not an object: " + line.get());
    }
    if (object.get("event").isPresent()) {
      see(seen.computeIfAbsent(monitor, m -> new ArrayList<>()), object);
    }
    return Optional.of(object);
  }

  private void see(List<Json.Obj> events, Json.Obj event) {
    for (int i = events.size() - 1; conversation.noise() && i >= 0; i--) {
      if (DrainNoise.isPair(events.get(i), event)) {
        events.remove(i);
        return;
      }
    }
    events.add(event);
  }

  private static Json parse(String line) {
    try {
      return JsonReader.parse(line);
    } catch (IllegalArgumentException e) {
      throw new ConversationFailure("the server sent no JSON: " + e.getMessage());
    }
  }

  /** The next message, which must come. */
  Json.Obj message(int monitor) throws InterruptedException {
    return next(monitor)
        .orElseThrow(() -> new ConversationFailure("the server closed the connection"));
  }

  /** Takes the awaited event out of those seen; false when it has not come yet. */
  boolean takeSeen(Step.Await await) {
    List<Json.Obj> events = seen.computeIfAbsent(await.monitor(), m -> new ArrayList<>());
    for (int i = 0; i < events.size(); i++) {
      if (isAwaited(await, events.get(i))) {
        events.remove(i);
        return true;
      }
    }
    return false;
  }

  private static boolean isAwaited(Step.Await await, Json.Obj event) {
    if (!event.get("event").equals(Optional.of(new Json.Str(await.event())))) {
      return false;
    }
    Json data = event.get("data").orElse(new Json.Obj(Map.of()));
    return await.members().stream()
        .map(member -> member.split("=", 2))
        .allMatch(pair ->
            data instanceof Json.Obj members
                && members.get(pair[0]).map(Talk::plain).orElse("").equals(pair[1]));
  }

  private static String plain(Json value) {
    return value instanceof Json.Str string ? string.value() : value.write();
  }

  /** Whether the file ends the server itself. */
  boolean endsItself() {
    return conversation.steps().stream()
        .anyMatch(step ->
            step instanceof Step.Signal
                || (step instanceof Step.Send send && send.source().contains("\"quit\"")));
  }

  /** Sends what ends the server. */
  void sendQuit(int monitor) throws IOException {
    if (conversation.greeting()) {
      send(monitor, "\n{\"execute\": \"qmp_capabilities\"}\n");
    }
    send(monitor, "{\"execute\": \"quit\", \"id\": \"harness\"}\n");
  }

  static boolean isShutdown(Json.Obj message) {
    return message.get("event").equals(Optional.of(new Json.Str("SHUTDOWN")));
  }

  static boolean isReply(Json.Obj message) {
    return message.get("return").isPresent() || message.get("error").isPresent();
  }

  @Override
  public void close() throws IOException {
    server.close();
    scratch.close();
  }
}
