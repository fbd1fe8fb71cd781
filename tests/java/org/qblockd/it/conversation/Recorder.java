// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plays the requests of a file and writes the file anew with what the server said. Lines written by
 * hand ({@code <=}) are checked and kept. A developer's tool, not a test: one thread, one use.
 */
final class Recorder {
  private static final Set<String> VOLATILE =
      Set.of("actual-size", "package", "idle_time_ns", "date-sec", "date-nsec");

  /** The id of a request whose reply comes after all that are to be counted. */
  private static final String MARKER = "the recorder's marker";

  private final Talk talk;
  private final List<String> lines;
  private int outputLines;
  private int errorLines;

  private Recorder(Talk talk, List<String> lines) {
    this.talk = talk;
    this.lines = lines;
  }

  /** Records a file in place. */
  static void record(Conversation conversation, Target target)
      throws IOException, InterruptedException {
    List<String> recorded = new ArrayList<>();
    try (Talk talk = new Talk(conversation, target)) {
      Recorder recorder = new Recorder(talk, recorded);
      for (Step step : conversation.steps()) {
        recorder.perform(step);
      }
      recorder.finish();
      Files.write(conversation.file(), recorded);
    } catch (ConversationFailure e) {
      throw new ConversationFailure(
          conversation.file()
              + ": "
              + e.getMessage()
              + "\n  after: "
              + String.join(
                  "\n    ", recorded.subList(Math.max(0, recorded.size() - 5), recorded.size())));
    }
  }

  private void perform(Step step) throws IOException, InterruptedException {
    switch (step) {
      case Step.Note note -> note(note);
      case Step.Send send -> send(send);
      case Step.Expect expect -> {
        if (expect.byHand()) {
          byHand(expect);
        }
      }
      case Step.Await await -> await(await);
      case Step.Shell shell -> {
        lines.add(shell.source());
        if (!shell.afterExit()) {
          addShell(talk.scratch.shell(shell.command()));
        }
      }
      case Step.Signal signal -> {
        lines.add(signal.source());
        talk.server().signal(signal.name());
      }
      case Step.Close close -> {
        lines.add(close.source());
        talk.server().monitor(close.monitor()).close();
      }
      case Step.Anywhere any -> {}
      case Step.Output output -> {}
    }
  }

  private void note(Step.Note note) throws InterruptedException {
    if (!note.source().startsWith("!exit")) {
      lines.add(note.source());
    }
    if (note.source().equals("!greeting")) {
      for (int i = 1; i <= talk.conversation.monitors(); i++) {
        add(i, talk.message(i));
      }
    }
  }

  private void send(Step.Send send) throws IOException, InterruptedException {
    if (send.replies() < 0) {
      sendAndCount(send);
      return;
    }
    lines.add(send.source());
    talk.send(send);
    for (int replies = 0; replies < send.replies(); ) {
      Json.Obj message = talk.message(send.monitor());
      add(send.monitor(), message);
      replies += Talk.isReply(message) ? 1 : 0;
    }
    addOutput();
  }

  private void sendAndCount(Step.Send send) throws IOException, InterruptedException {
    int at = lines.size();
    int replies = 0;
    talk.send(send);
    talk.send(send.monitor(), "\n{\"execute\": \"query-version\", \"id\": \"" + MARKER + "\"}\n");
    Json.Obj message = talk.message(send.monitor());
    while (!message.get("id").equals(Optional.of(new Json.Str(MARKER)))) {
      add(send.monitor(), message);
      replies += Talk.isReply(message) ? 1 : 0;
      message = talk.message(send.monitor());
    }
    lines.add(at, send.source().replaceFirst("->\\?", "->" + (replies == 1 ? "" : replies)));
    addOutput();
  }

  private void byHand(Step.Expect expect) throws InterruptedException {
    Comparison comparison = new Comparison(talk.bindings);
    Optional<String> difference;
    int last = lines.size() - 1;
    String arrow = expect.monitor() == 1 ? "<- " : "@" + expect.monitor() + " <- ";
    if (lines.get(last).startsWith(arrow)) {
      Json recorded = JsonReader.parse(lines.remove(last).substring(arrow.length()));
      difference = comparison.difference(expect.value(), recorded);
    } else {
      difference = comparison.difference(expect.value(), talk.message(expect.monitor()));
    }
    if (difference.isPresent()) {
      throw new ConversationFailure("line " + expect.line() + ": " + difference.get());
    }
    lines.add(expect.source());
  }

  private void await(Step.Await await) throws InterruptedException {
    while (!talk.takeSeen(await)) {
      add(await.monitor(), talk.message(await.monitor()));
    }
    lines.add(await.source());
  }

  private void add(int monitor, Json.Obj message) {
    Json plain = generalize(Comparison.withoutTimestamp(message));
    String name = message.get("event").map(Json::write).orElse("\"\"");
    String quoteless = name.substring(1, name.length() - 1);
    String arrow = talk.conversation.floating().contains(quoteless) ? "*- " : "<- ";
    lines.add((monitor == 1 ? "" : "@" + monitor + " ") + arrow + plain.write());
    if (talk.conversation.noise()) {
      DrainNoise.strip(lines);
    }
  }

  private Json generalize(Json value) {
    return switch (value) {
      case Json.Obj object -> {
        Map<String, Json> members = new LinkedHashMap<>();
        object.members().forEach((name, member) -> members.put(name, member(name, member)));
        yield new Json.Obj(members);
      }
      case Json.Arr array -> new Json.Arr(array.items().stream().map(this::generalize).toList());
      case Json.Str string -> new Json.Str(talk.bindings.generalize(string.value()));
      case Json.Num number -> number;
      case Json.Word word -> word;
    };
  }

  private Json member(String name, Json value) {
    boolean changes =
        VOLATILE.contains(name)
            || name.endsWith("_total_time_ns")
            || talk.conversation.volatileNames().contains(name);
    if (!changes) {
      return generalize(value);
    }
    return new Json.Str(
        switch (value) {
          case Json.Num number -> number.isInteger() ? "$INT" : "$NUM";
          case Json.Str string -> "$STR";
          default -> "$ANY";
        });
  }

  private void addOutput() {
    List<String> output = talk.server().output();
    for (; outputLines < output.size(); outputLines++) {
      lines.add("<~ " + talk.bindings.generalize(output.get(outputLines)));
    }
    List<String> errors = talk.server().errors();
    for (; errorLines < errors.size(); errorLines++) {
      lines.add("<~2 " + talk.bindings.generalize(errors.get(errorLines)));
    }
  }

  private void addShell(List<String> output) {
    output.forEach(line -> lines.add(("= " + talk.bindings.generalize(line))));
  }

  private void finish() throws IOException, InterruptedException {
    if (!talk.endsItself()) {
      talk.sendQuit(1);
    }
    for (int i = 1; i <= talk.conversation.monitors(); i++) {
      Optional<Json.Obj> message = talk.next(i);
      while (message.isPresent()) {
        if (talk.endsItself()) {
          add(i, message.get());
        }
        message = talk.next(i);
      }
    }
    int status = talk.server().awaitExit(talk.deadlineNanos);
    addOutput();
    if (status != 0) {
      lines.add("!exit " + status);
    }
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("!check ")) {
        List<String> output = talk.scratch.shell(lines.get(i).substring("!check ".length()));
        List<String> recorded =
            output.stream().map(line -> "= " + talk.bindings.generalize(line)).toList();
        lines.addAll(i + 1, recorded);
      }
    }
  }
}
