// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays every file of {@code tests/conversations} against qblockd and against the real QEMU. The
 * plays run on a small pool, started when the tests are listed; each test waits for its own.
 * Properties: {@code qblockd.launcher} the server, {@code conversations} a part of the files,
 * {@code conversations.parallel} how many run at a time.
 */
final class ConversationIT {
  private static final Path ROOT = Path.of("tests/conversations");
  private static final ExecutorService POOL =
      PlayThreads.pool(Integer.getInteger("conversations.parallel", 4));

  @AfterAll
  static void stopPool() {
    POOL.shutdownNow();
  }

  @TestFactory
  Stream<DynamicNode> qblockdAnswersAsRecorded() throws IOException {
    return tests(Target.qblockd());
  }

  @TestFactory
  Stream<DynamicNode> realQemuStillAnswersAsRecorded() throws IOException {
    Optional<Target> qemu = Target.qemu();
    if (qemu.isEmpty()) {
      return Stream.of(
          DynamicTest.dynamicTest(
              "qemu-system-x86_64 10.0.x",
              () -> assumeTrue(false, "qemu-system-x86_64 10.0.x is not installed")));
    }
    return tests(qemu.get());
  }

  private static Stream<DynamicNode> tests(Target target) throws IOException {
    Path start = ROOT.resolve(System.getProperty("conversations", ""));
    List<DynamicNode> nodes = new ArrayList<>();
    for (Path file : ConversationTool.find(start)) {
      String name = ROOT.relativize(file).toString();
      if (name.endsWith(".cmd")) {
        nodes.add(commandLines(name, CommandLines.read(file), target));
      } else if (name.endsWith(".hmp")) {
        nodes.add(terminal(name, TerminalTalk.read(file), target));
      } else {
        nodes.add(conversation(name, Conversation.read(file), target));
      }
    }
    return nodes.stream();
  }

  private static DynamicNode commandLines(String name, CommandLines lines, Target target) {
    return DynamicContainer.dynamicContainer(
        name,
        lines.cases().stream()
            .map(one ->
                test(
                    one.line() + ": " + one.source(),
                    () -> {
                      lines.play(one, target);
                      return null;
                    }))
            .toList());
  }

  private static DynamicNode terminal(String name, TerminalTalk talk, Target target) {
    if (!talk.isFor(target.kind())) {
      return DynamicTest.dynamicTest(name, () -> assumeTrue(false, "meant for the other"));
    }
    return test(
        name,
        () -> {
          talk.play(target);
          return null;
        });
  }

  private static DynamicNode conversation(String name, Conversation conversation, Target target) {
    if (!conversation.isFor(target.kind())) {
      return DynamicTest.dynamicTest(
          name, () -> assumeTrue(false, "meant for " + conversation.only().orElse("")));
    }
    return test(
        name,
        () -> {
          play(conversation, target);
          return null;
        });
  }

  /**
   * The real QEMU gets a second chance: on a loaded machine it now and then sends an event and a
   * reply the other way round. Ours does not.
   */
  private static void play(Conversation conversation, Target target) throws Exception {
    try {
      Player.play(conversation, target);
    } catch (ConversationFailure first) {
      if (target.kind() != Target.Kind.QEMU) {
        throw first;
      }
      System.out.println("played again: " + first.getMessage().lines().findFirst().orElse(""));
      Player.play(conversation, target);
    }
  }

  private static DynamicTest test(String name, Callable<Void> play) {
    Future<Void> running = POOL.submit(play);
    return DynamicTest.dynamicTest(name, () -> await(running));
  }

  private static void await(Future<Void> running) throws Throwable {
    try {
      running.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConversationFailure failure) {
        throw new AssertionError(failure.getMessage(), failure);
      }
      throw e.getCause();
    }
  }
}
