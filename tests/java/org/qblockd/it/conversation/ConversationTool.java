// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Plays and records conversation files from a shell: {@code java
 * tests/java/org/qblockd/it/conversation/ConversationTool.java play|record [--server CMD] [--times
 * N] [--jobs N] FILE|DIRECTORY…}. The server is the real QEMU unless named.
 */
public final class ConversationTool {
  private String server = "qemu-system-x86_64";
  private int times = 1;
  private int jobs = 3;
  private final List<Path> files = new ArrayList<>();

  private ConversationTool() {}

  /** Exit status 1 when a file failed, 2 when the command line is wrong. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ConversationTool tool = new ConversationTool();
    if (args.length < 2 || !List.of("play", "record").contains(args[0])) {
      System.err.println(
          "usage: play|record [--server CMD] [--times N] [--jobs N] FILE|DIRECTORY…");
      System.exit(2);
    }
    tool.parse(args);
    System.exit(tool.run(args[0].equals("record")));
  }

  private void parse(String[] args) throws IOException {
    for (int i = 1; i < args.length; i++) {
      switch (args[i]) {
        case "--server" -> server = args[++i];
        case "--times" -> times = Integer.parseInt(args[++i]);
        case "--jobs" -> jobs = Integer.parseInt(args[++i]);
        default -> files.addAll(find(Path.of(args[i])));
      }
    }
  }

  /** The conversation files below a directory, or the file itself, sorted. */
  static List<Path> find(Path start) throws IOException {
    try (Stream<Path> tree = Files.walk(start)) {
      return tree.filter(file -> file.toString().matches(".*\\.(qmp|cmd|hmp)")).sorted().toList();
    }
  }

  private int run(boolean record) throws InterruptedException {
    Target target = Target.of(server);
    List<Future<Void>> results = new ArrayList<>();
    int failed = 0;
    try (ExecutorService pool = PlayThreads.pool(jobs)) {
      for (int round = 0; round < times; round++) {
        for (Path file : files) {
          results.add(pool.submit(task(file, target, record)));
        }
      }
      for (Future<Void> result : results) {
        failed += passed(result) ? 0 : 1;
      }
    }
    System.out.println(results.size() + " plays, " + failed + " failed");
    return failed == 0 ? 0 : 1;
  }

  /** Waits for a play; a failed one is told. */
  private static boolean passed(Future<Void> play) throws InterruptedException {
    try {
      play.get();
      return true;
    } catch (ExecutionException e) {
      System.out.println("FAILED " + e.getCause().getMessage());
      boolean expected =
          e.getCause() instanceof ConversationFailure
              || e.getCause() instanceof IllegalArgumentException;
      if (!expected) {
        System.out.println("  " + e.getCause());
      }
      return false;
    }
  }

  private static Callable<Void> task(Path file, Target target, boolean record) {
    return () -> {
      if (file.toString().endsWith(".cmd")) {
        commandLines(CommandLines.read(file), target, record);
      } else if (file.toString().endsWith(".hmp")) {
        terminal(TerminalTalk.read(file), target, record);
      } else {
        conversation(Conversation.read(file), target, record);
      }
      return null;
    };
  }

  private static void commandLines(CommandLines lines, Target target, boolean record)
      throws Exception {
    if (record) {
      lines.record(target);
      return;
    }
    for (CommandLines.Case one : lines.cases()) {
      lines.play(one, target);
    }
  }

  private static void terminal(TerminalTalk talk, Target target, boolean record) throws Exception {
    if (!talk.isFor(target.kind())) {
      return;
    }
    if (record) {
      talk.record(target);
    } else {
      talk.play(target);
    }
  }

  private static void conversation(Conversation conversation, Target target, boolean record)
      throws Exception {
    if (!conversation.isFor(target.kind())) {
      return;
    }
    if (record) {
      Recorder.record(conversation, target);
    } else {
      Player.play(conversation, target);
    }
  }
}
