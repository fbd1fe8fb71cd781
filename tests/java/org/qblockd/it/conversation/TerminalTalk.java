// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A {@code .hmp} file: bytes typed at a human monitor and the bytes that it shows. Immutable; any
 * thread.
 *
 * @param file where it was read
 * @param lines all its lines
 */
record TerminalTalk(Path file, List<String> lines) {
  private static final long WATCHDOG_SECONDS = Integer.getInteger("conversations.watchdog", 60);
  private static final long START_MILLIS = 1500;
  private static final long QUIET_MILLIS = 300;
  private static final List<String> BASE =
      List.of("-display", "none", "-machine", "none", "-nodefaults");

  static TerminalTalk read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).matches("(#|!args |!setup |!only |!exit |!transport |-> |<- ).*|")) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": no such line");
      }
    }
    return new TerminalTalk(file, lines);
  }

  boolean isFor(Target.Kind kind) {
    Optional<String> only = said("!only ").stream().findFirst();
    return only.isEmpty() || only.get().startsWith(kind.wireName());
  }

  /** Plays to the end, which the file itself brings about. */
  void play(Target target) throws IOException, InterruptedException {
    run(target, null);
  }

  /** Types what the file types, and writes it anew with what is shown. */
  void record(Target target) throws IOException, InterruptedException {
    List<String> recorded = new ArrayList<>();
    run(target, recorded);
    Files.write(file, recorded);
  }

  private List<String> said(String what) {
    return lines.stream()
        .filter(line -> line.startsWith(what))
        .map(line -> line.substring(what.length()))
        .toList();
  }

  private void run(Target target, List<String> recorded) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
    try (ScratchDirectory scratch = ScratchDirectory.create(file)) {
      for (String command : said("!setup ")) {
        scratch.setup(command);
      }
      Bindings bindings = new Bindings(scratch.path());
      boolean stdio = !said("!transport ").contains("socket");
      List<String> command = new ArrayList<>(target.command());
      command.addAll(BASE);
      for (String args : said("!args ")) {
        command.addAll(ShellWords.split(bindings.expand(args)));
      }
      Path socket = scratch.path().resolve(".hm");
      try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        listener.bind(UnixDomainSocketAddress.of(socket));
        command.addAll(List.of("-monitor", stdio ? "stdio" : "unix:.hm,server=off"));
        Process server =
            new ProcessBuilder(command)
                .directory(scratch.path().toFile())
                .redirectErrorStream(stdio)
                .start();
        try {
          TerminalBytes bytes = stdio ? ofProcess(server) : accepted(listener);
          talk(bytes, bindings, recorded, deadline);
          end(server, recorded, deadline);
        } finally {
          server.destroyForcibly();
        }
      }
    }
  }

  private static TerminalBytes ofProcess(Process server) {
    return new TerminalBytes(server.getInputStream(), server.getOutputStream());
  }

  private static TerminalBytes accepted(ServerSocketChannel listener) throws IOException {
    SocketChannel channel = listener.accept();
    return new TerminalBytes(Channels.newInputStream(channel), Channels.newOutputStream(channel));
  }

  private void talk(TerminalBytes bytes, Bindings bindings, List<String> recorded, long deadline)
      throws IOException, InterruptedException {
    boolean begun = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (recorded != null && !begun && line.startsWith("-> ")) {
        begun = true;
        recordShown(bytes.untilQuiet(START_MILLIS), bindings, recorded);
      }
      if (recorded != null && !line.startsWith("<- ") && !line.startsWith("!exit ")) {
        recorded.add(line);
      }
      if (line.startsWith("-> ")) {
        bytes.send(bindings.expand(TerminalBytes.unescape(line.substring(3))));
        if (recorded != null) {
          recordShown(bytes.untilQuiet(QUIET_MILLIS), bindings, recorded);
        }
      } else if (line.startsWith("<- ") && recorded == null) {
        expect(i + 1, line.substring(3), bytes, bindings, deadline);
      }
    }
    if (recorded == null) {
      String more = bytes.next(Integer.MAX_VALUE, deadline);
      if (!more.isEmpty()) {
        throw new ConversationFailure(file + ": more at the end: " + TerminalBytes.escape(more));
      }
    }
  }

  private void expect(
      int number, String escaped, TerminalBytes bytes, Bindings bindings, long deadline)
      throws InterruptedException {
    String want = TerminalBytes.unescape(escaped);
    boolean whole = want.endsWith("\n");
    String got;
    try {
      got = bytes.next(whole ? Integer.MAX_VALUE : want.length(), deadline);
    } catch (ConversationFailure e) {
      throw new ConversationFailure(file + ":" + number + ": " + e.getMessage());
    }
    String shown = whole ? OutputText.normalize(got) : got;
    if (!want.equals(shown) && !bindings.matches(want, shown)) {
      throw new ConversationFailure(
          file
              + ":"
              + number
              + ":\n  expected "
              + escaped
              + "\n  got      "
              + TerminalBytes.escape(shown));
    }
  }

  /** A line of the file for each line that is shown. */
  private static void recordShown(String shown, Bindings bindings, List<String> recorded) {
    for (String part : shown.split("(?<=\n)")) {
      if (!part.isEmpty()) {
        String normal = part.endsWith("\n") ? OutputText.normalize(part) : part;
        recorded.add("<- " + TerminalBytes.escape(bindings.generalize(normal)));
      }
    }
  }

  private void end(Process server, List<String> recorded, long deadline)
      throws InterruptedException {
    long left = Math.max(0, deadline - System.nanoTime());
    if (!server.waitFor(left, TimeUnit.NANOSECONDS)) {
      throw new ConversationFailure(file + ": the server did not end");
    }
    String status = String.valueOf(server.exitValue());
    String expected = said("!exit ").stream().findFirst().orElse("0");
    if (recorded != null && !status.equals("0")) {
      recorded.add("!exit " + status);
    }
    if (recorded == null && !status.equals(expected)) {
      throw new ConversationFailure(
          file + ": exit status: expected " + expected + ", got " + status);
    }
  }
}
