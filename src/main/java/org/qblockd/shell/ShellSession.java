// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.client.QmpClient;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;
import org.qblockd.qapi.validation.ArgumentCheck;

/** Runs the lines that a user types or a script holds. One thread. */
final class ShellSession {
  /** What a line may begin with beside the server's commands. */
  static final List<String> WORDS =
      List.of("exit", "follow", "help", "hmp", "status", "transaction(", "wait");

  /** How the shell behaves. */
  record Settings(
      boolean human, boolean pretty, boolean checks, boolean quiet, long timeoutSeconds) {}

  private final QmpClient client;
  private final EventQueue events;
  private final Settings settings;
  private final Consumer<String> out;
  private final JobFollower follower;
  private final ArgumentCheck check = new ArgumentCheck();
  private @Nullable SchemaView schema;
  private @Nullable List<JsonValue> actions;
  private JsonObject transactionArguments = JsonObject.EMPTY;
  private boolean over;

  ShellSession(
      QmpClient client,
      EventQueue events,
      Settings settings,
      Consumer<String> out,
      JobFollower follower) {
    this.client = client;
    this.events = events;
    this.settings = settings;
    this.out = out;
    this.follower = follower;
  }

  /** Whether the user has left. */
  boolean over() {
    return over || client.hasEnded();
  }

  /** Whether a line needs more: something in it is still open. */
  static boolean isOpen(String text) {
    return Words.of(text).open();
  }

  /** What to show before the next line. */
  String prompt() {
    return settings.human() ? "(hmp) " : actions != null ? "TRANS> " : "(QEMU) ";
  }

  /** The server's schema; empty where it has none. */
  SchemaView schema() {
    SchemaView known = schema;
    if (known == null) {
      try {
        known = new SchemaView(client.execute("query-qmp-schema"));
      } catch (QmpException | IOException none) {
        known = SchemaView.EMPTY;
      }
      schema = known;
    }
    return known;
  }

  /**
   * Runs a line; returns whether it succeeded.
   *
   * @throws IOException when the session has ended before the reply
   */
  boolean run(String line) throws IOException {
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return true;
    }
    try {
      return settings.human() ? human(text) : dispatch(text);
    } catch (ArgumentParser.BadLine e) {
      return complain(String.valueOf(e.getMessage()));
    } catch (QmpException e) {
      out.accept(e.errorClass().wireName() + ": " + e.text());
      return false;
    }
  }

  private boolean complain(String text) {
    out.accept("Error: " + text);
    return false;
  }

  private boolean dispatch(String line) throws IOException, QmpException, ArgumentParser.BadLine {
    if (line.startsWith("{")) {
      return raw(line);
    }
    List<String> words = Words.of(line).full();
    String first = words.getFirst();
    List<String> rest = words.subList(1, words.size());
    if (actions != null) {
      return inTransaction(first, rest);
    }
    return switch (first) {
      case "exit" -> {
        over = true;
        yield true;
      }
      case "help" -> new HelpWords(schema(), out).show(rest);
      case "hmp" -> human(line.substring(first.length()).strip());
      case "follow" -> follow(rest);
      case "status" -> new StatusTree(client).print(out);
      case "wait" -> await(rest);
      case "transaction(" -> begin(rest);
      default -> command(first, rest);
    };
  }

  private boolean human(String line) throws IOException, QmpException {
    if (line.equals("exit")) {
      over = true;
      return true;
    }
    JsonObject arguments = new JsonObject(Map.of("command-line", new JsonString(line)));
    JsonValue said = client.execute("human-monitor-command", arguments);
    String text = said instanceof JsonString string ? string.value() : "";
    if (!text.isEmpty()) {
      out.accept(text.stripTrailing());
    }
    return true;
  }

  /** A whole request in JSON. */
  private boolean raw(String line) throws IOException, QmpException, ArgumentParser.BadLine {
    JsonValue value;
    try {
      value = JsonStream.parse(line);
    } catch (JsonSyntaxException e) {
      throw new ArgumentParser.BadLine(String.valueOf(e.getMessage()));
    }
    if (!(value instanceof JsonObject request)
        || !(request.get("execute") instanceof JsonString name)) {
      throw new ArgumentParser.BadLine("a request has a member 'execute'");
    }
    return send(
        name.value(),
        request.get("arguments") instanceof JsonObject object ? object : JsonObject.EMPTY);
  }

  private boolean command(String name, List<String> words)
      throws IOException, QmpException, ArgumentParser.BadLine {
    return send(name, new ArgumentParser(schema()).parse(name, words));
  }

  private boolean send(String name, JsonObject arguments) throws IOException, QmpException {
    if (settings.checks() && client.serverPackage().startsWith("qblockd-")) {
      Optional<String> complaint = check.complaint(name, arguments);
      if (complaint.isPresent()) {
        return complain(complaint.get() + " (not sent; --no-check sends it)");
      }
    }
    show(client.execute(name, arguments));
    return true;
  }

  private void show(JsonValue value) {
    out.accept(settings.pretty() ? JsonWriter.toPrettyText(value) : JsonWriter.toText(value));
  }

  private boolean follow(List<String> words)
      throws IOException, QmpException, ArgumentParser.BadLine {
    if (words.size() != 1) {
      throw new ArgumentParser.BadLine("follow JOB");
    }
    return follower.follow(words.getFirst());
  }

  private boolean await(List<String> words) throws ArgumentParser.BadLine {
    if (words.isEmpty()) {
      throw new ArgumentParser.BadLine("wait EVENT [MEMBER=VALUE…]");
    }
    String name = words.getFirst();
    JsonObject wanted = new ArgumentParser(schema()).parse(name, words.subList(1, words.size()));
    JsonObject event = events.await(name, wanted, settings.timeoutSeconds());
    if (event == null) {
      return complain("the event " + name + " has not come");
    }
    if (settings.quiet()) {
      // Else it has been shown when it came.
      show(event);
    }
    return true;
  }

  // ---- transactions ---------------------------------------------------------------------------

  private boolean begin(List<String> words) throws ArgumentParser.BadLine {
    Map<String, JsonValue> properties = new LinkedHashMap<>();
    if (!words.isEmpty()) {
      JsonObject given = new ArgumentParser(SchemaView.EMPTY).parse("transaction", words);
      properties.put("properties", given);
    }
    transactionArguments = new JsonObject(properties);
    actions = new ArrayList<>();
    return true;
  }

  private boolean inTransaction(String first, List<String> words)
      throws IOException, QmpException, ArgumentParser.BadLine {
    List<JsonValue> gathered = actions;
    if (gathered == null) {
      return true;
    }
    if (first.equals(")")) {
      actions = null;
      Map<String, JsonValue> arguments = new LinkedHashMap<>();
      arguments.put("actions", new JsonArray(List.copyOf(gathered)));
      arguments.putAll(transactionArguments.members());
      return send("transaction", new JsonObject(arguments));
    }
    Map<String, JsonValue> action = new LinkedHashMap<>();
    action.put("type", new JsonString(first));
    action.put("data", new ArgumentParser(schema()).parse(first, words));
    gathered.add(new JsonObject(action));
    return true;
  }
}
