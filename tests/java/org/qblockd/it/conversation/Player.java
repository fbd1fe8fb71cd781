// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plays a conversation against a server and checks every line. One thread, one use. */
final class Player {
  private static final int TRANSCRIPT_LINES = 12;
  private static final int MAX_SHOWN = 400;

  private final Talk talk;
  private final Comparison comparison;
  private final List<Step.Anywhere> anywhere = new ArrayList<>();
  private final List<Json.Obj> early = new ArrayList<>();
  private final DrainNoise noise = new DrainNoise();
  private final Set<Integer> closed = new HashSet<>();
  private final Deque<String> transcript = new ArrayDeque<>();

  private Player(Talk talk) {
    this.talk = talk;
    comparison = new Comparison(talk.bindings);
    talk.conversation.steps().stream()
        .filter(Step.Anywhere.class::isInstance)
        .map(Step.Anywhere.class::cast)
        .forEach(anywhere::add);
  }

  /**
   * Plays to the end.
   *
   * @throws ConversationFailure naming the line, the first difference and what led there
   */
  static void play(Conversation conversation, Target target)
      throws IOException, InterruptedException {
    try (Talk talk = new Talk(conversation, target)) {
      new Player(talk).run();
    }
  }

  private void run() throws IOException, InterruptedException {
    Step current = new Step.Note(0, "");
    try {
      for (Step step : talk.conversation.steps()) {
        current = step;
        perform(step);
      }
      current = new Step.Note(talk.conversation.steps().size(), "");
      finish();
    } catch (ConversationFailure | IOException e) {
      throw new ConversationFailure(
          talk.conversation.file() + ":" + current.line() + ": " + e.getMessage() + context());
    }
  }

  private String context() {
    StringBuilder text = new StringBuilder("\n  what was said last:");
    transcript.forEach(line -> text.append("\n    ").append(line));
    if (!talk.server().errors().isEmpty()) {
      text.append("\n  standard error:");
      talk.server().errors().forEach(line -> text.append("\n    ").append(line));
    }
    return text.toString();
  }

  private static String shortened(String line) {
    return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN) + "…";
  }

  private void remember(String line) {
    transcript.add(shortened(line));
    if (transcript.size() > TRANSCRIPT_LINES) {
      transcript.remove();
    }
  }

  private void perform(Step step) throws IOException, InterruptedException {
    switch (step) {
      case Step.Send send -> {
        remember(send.source());
        talk.send(send);
      }
      case Step.Expect expect -> expect(expect);
      case Step.Await await -> await(await);
      case Step.Shell shell when !shell.afterExit() -> shell(shell);
      case Step.Signal signal -> talk.server().signal(signal.name());
      case Step.Close close -> {
        closed.add(close.monitor());
        talk.server().monitor(close.monitor()).close();
      }
      case Step.Shell shell -> {}
      case Step.Anywhere any -> {}
      case Step.Output output -> {}
      case Step.Note note -> {}
    }
  }

  private Json.Obj read(int monitor) throws InterruptedException {
    Json.Obj message = talk.message(monitor);
    remember("<- " + message.write());
    return message;
  }

  private void expect(Step.Expect step) throws InterruptedException {
    if (takeEarly(step)) {
      return;
    }
    while (true) {
      Json.Obj message = read(step.monitor());
      Optional<String> difference = comparison.difference(step.value(), message);
      if (difference.isEmpty()) {
        return;
      }
      if (!takeAnywhere(step.monitor(), message) && !keepEarly(step, message)) {
        throw new ConversationFailure(
            shortened(difference.get())
                + "\n  expected "
                + shortened(step.value().write())
                + "\n  got      "
                + shortened(message.write()));
      }
    }
  }

  /** In {@code !noise} files, a message of the other stream (events, replies) waits its turn. */
  private boolean keepEarly(Step.Expect step, Json.Obj message) {
    boolean wantsReply = Talk.isReply((Json.Obj) step.value());
    boolean keep = talk.conversation.noise() && wantsReply != Talk.isReply(message);
    if (keep) {
      early.add(message);
    }
    return keep;
  }

  private boolean takeEarly(Step.Expect step) {
    boolean wantsReply = Talk.isReply((Json.Obj) step.value());
    Optional<Json.Obj> first =
        early.stream().filter(message -> wantsReply == Talk.isReply(message)).findFirst();
    boolean fits = first.isPresent() && comparison.difference(step.value(), first.get()).isEmpty();
    if (fits) {
      early.remove(first.get());
    }
    return fits;
  }

  private boolean takeAnywhere(int monitor, Json.Obj message) {
    for (Step.Anywhere step : anywhere) {
      if (step.monitor() == monitor && comparison.difference(step.value(), message).isEmpty()) {
        anywhere.remove(step);
        return true;
      }
    }
    return talk.conversation.noise() && noise.absorbs(message);
  }

  private void await(Step.Await await) throws InterruptedException {
    while (!talk.takeSeen(await)) {
      Json.Obj message = read(await.monitor());
      if (!takeAnywhere(await.monitor(), message) && !keepForLater(message)) {
        throw new ConversationFailure(
            "waiting for " + await.event() + ", not expected: " + message.write());
      }
    }
  }

  private boolean keepForLater(Json.Obj message) {
    return talk.conversation.noise() && early.add(message);
  }

  private void shell(Step.Shell shell) throws IOException, InterruptedException {
    List<String> lines = talk.scratch.shell(shell.command());
    compareLines("output of: " + shell.command(), shell.output(), lines);
  }

  private void compareLines(String what, List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
      String want = i < expected.size() ? expected.get(i) : "(nothing more)";
      String got = i < actual.size() ? actual.get(i) : "(nothing more)";
      if (!talk.bindings.matches(want, got)) {
        throw new ConversationFailure(
            what + ", line " + (i + 1) + "\n  expected " + want + "\n  got      " + got);
      }
    }
  }

  private void finish() throws IOException, InterruptedException {
    if (!talk.endsItself()) {
      quit();
    }
    for (int i = 1; i <= talk.conversation.monitors(); i++) {
      if (!closed.contains(i)) {
        drain(i, talk.endsItself());
      }
    }
    if (!early.isEmpty()) {
      throw new ConversationFailure("not expected: " + early.getFirst().write());
    }
    if (!anywhere.isEmpty()) {
      throw new ConversationFailure(
          "never came (line "
              + anywhere.getFirst().line()
              + "): "
              + anywhere.getFirst().value().write());
    }
    int status = talk.server().awaitExit(talk.deadlineNanos);
    if (status != talk.conversation.exit()) {
      throw new ConversationFailure(
          "exit status: expected " + talk.conversation.exit() + ", got " + status);
    }
    compareLines("standard output", output(false), talk.server().output());
    // Only we say that a node's last flush has failed: see docs/qmp-compat.md.
    List<String> errors = new ArrayList<>(talk.server().errors());
    errors.removeIf(line -> line.startsWith("$PROG: closing node '"));
    compareLines("standard error", output(true), errors);
    for (Step step : talk.conversation.steps()) {
      if (step instanceof Step.Shell shell && shell.afterExit()) {
        shell(shell);
      }
    }
  }

  private void quit() throws IOException, InterruptedException {
    int monitor = 1;
    while (closed.contains(monitor)) {
      monitor++;
    }
    talk.sendQuit(monitor);
    Optional<Json.Obj> message = talk.next(monitor);
    while (message.isPresent() && !Talk.isShutdown(message.get())) {
      boolean negotiating = talk.conversation.greeting() && Talk.isReply(message.get());
      if (!negotiating && !takeAnywhere(monitor, message.get())) {
        throw new ConversationFailure("not expected at the end: " + message.get().write());
      }
      message = talk.next(monitor);
    }
  }

  /** Reads to the end of the connection; what comes there must be expected if {@code strict}. */
  private void drain(int monitor, boolean strict) throws InterruptedException {
    Optional<Json.Obj> message = talk.next(monitor);
    while (message.isPresent()) {
      if (!takeAnywhere(monitor, message.get()) && strict) {
        throw new ConversationFailure("not expected at the end: " + message.get().write());
      }
      message = talk.next(monitor);
    }
  }

  private List<String> output(boolean errors) {
    return talk.conversation.steps().stream()
        .filter(step -> step instanceof Step.Output output && output.error() == errors)
        .map(step -> ((Step.Output) step).text())
        .toList();
  }
}
