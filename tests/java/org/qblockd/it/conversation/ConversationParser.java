// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the lines of a {@code .qmp} file. One thread, one use. */
final class ConversationParser {
  private static final Pattern TALK =
      Pattern.compile("(?:@(\\d+) )?(->|<-|<=|\\*-|<~2|<~)(?:(\\d*|\\?)(\\\\?)(\\|?))(?: (.*))?");

  private final Path file;
  private final List<String> args = new ArrayList<>();
  private final List<String> setup = new ArrayList<>();
  private final Set<String> volatileNames = new HashSet<>();
  private final Set<String> floating = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();
  private int exit;
  private Optional<String> only = Optional.empty();
  private Optional<String> program = Optional.empty();
  private int monitors = 1;
  private boolean greeting;
  private boolean noise;
  private Conversation.Transport transport = Conversation.Transport.SOCKET;
  private int number;

  ConversationParser(Path file) {
    this.file = file;
  }

  Conversation parse(List<String> lines) {
    for (String line : lines) {
      number++;
      parseLine(line);
    }
    return new Conversation(
        file,
        program,
        List.copyOf(args),
        List.copyOf(setup),
        exit,
        only,
        monitors,
        greeting,
        transport,
        Set.copyOf(volatileNames),
        Set.copyOf(floating),
        noise,
        List.copyOf(steps));
  }

  private void parseLine(String line) {
    if (line.isBlank() || line.startsWith("#")) {
      steps.add(new Step.Note(number, line));
    } else if (line.startsWith("= ") || line.equals("=")) {
      addShellOutput(line.length() > 2 ? line.substring(2) : "");
    } else if (line.startsWith("!")) {
      directive(line);
    } else {
      talk(line);
    }
  }

  private void addShellOutput(String text) {
    if (!(steps.getLast() instanceof Step.Shell shell)) {
      throw error("'=' without !run or !check before it");
    }
    List<String> output = new ArrayList<>(shell.output());
    output.add(text);
    steps.set(
        steps.size() - 1,
        new Step.Shell(
            shell.line(), shell.command(), List.copyOf(output), shell.afterExit(), shell.source()));
  }

  private void talk(String line) {
    Matcher matcher = TALK.matcher(line);
    if (!matcher.matches()) {
      throw error("no such line: " + line);
    }
    int monitor = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
    String text = matcher.group(6) == null ? "" : matcher.group(6);
    switch (matcher.group(2)) {
      case "->" -> {
        String replies = matcher.group(3);
        boolean partial = !matcher.group(5).isEmpty();
        String bytes = bytes(text, !matcher.group(4).isEmpty(), partial);
        steps.add(new Step.Send(number, monitor, bytes, replies(replies, partial), line));
      }
      case "<-" -> steps.add(new Step.Expect(number, monitor, json(text), false, line));
      case "<=" -> steps.add(new Step.Expect(number, monitor, json(text), true, line));
      case "*-" -> steps.add(new Step.Anywhere(number, monitor, json(text)));
      case "<~" -> steps.add(new Step.Output(number, false, text));
      case "<~2" -> steps.add(new Step.Output(number, true, text));
      default -> throw error("no such line: " + line);
    }
  }

  /** How many replies follow; -1 when the recorder shall find out. */
  private static int replies(String count, boolean partial) {
    return switch (count) {
      case "" -> partial ? 0 : 1;
      case "?" -> -1;
      default -> Integer.parseInt(count);
    };
  }

  private Json json(String text) {
    try {
      return JsonReader.parse(text);
    } catch (IllegalArgumentException e) {
      throw error(e.getMessage());
    }
  }

  /** The bytes of a request: UTF-8, or with C escapes where the arrow was {@code ->\}. */
  private String bytes(String text, boolean escaped, boolean partial) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (escaped) {
      unescape(text, out);
    } else {
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    if (!partial) {
      out.write('\n');
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private void unescape(String text, ByteArrayOutputStream out) {
    Matcher matcher =
        Pattern.compile("\\\\x([0-9a-f]{2})(?:\\*(\\d+))?|\\\\(.)|([^\\\\]+)").matcher(text);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        int times = matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
        for (int i = 0; i < times; i++) {
          out.write(Integer.parseInt(matcher.group(1), 16));
        }
      } else if (matcher.group(3) != null) {
        out.write(simpleEscape(matcher.group(3).charAt(0)));
      } else {
        out.writeBytes(matcher.group(4).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private int simpleEscape(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      case '\\' -> '\\';
      default -> throw error("no such escape: \\" + c);
    };
  }

  private void directive(String line) {
    String[] words = line.split(" ", 2);
    String rest = words.length > 1 ? words[1] : "";
    List<String> list = Arrays.stream(rest.split("[ ,]+")).filter(w -> !w.isEmpty()).toList();
    switch (words[0]) {
      case "!args" -> args.addAll(ShellWords.split(rest));
      case "!program" -> program = Optional.of(rest);
      case "!setup" -> setup.add(rest);
      case "!exit" -> exit = Integer.parseInt(rest);
      case "!only" -> only = Optional.of(list.getFirst());
      case "!monitors" -> monitors = Integer.parseInt(rest);
      case "!greeting" -> greeting = true;
      case "!noise" -> noise = true;
      case "!transport" ->
          transport = Conversation.Transport.valueOf(rest.toUpperCase(java.util.Locale.ROOT));
      case "!volatile" -> volatileNames.addAll(list);
      case "!float" -> floating.addAll(list);
      default -> {
        steps.add(action(words[0], rest, list, line));
        return;
      }
    }
    steps.add(new Step.Note(number, line));
  }

  private Step action(String word, String rest, List<String> list, String line) {
    return switch (word) {
      case "!run" -> new Step.Shell(number, rest, List.of(), false, line);
      case "!check" -> new Step.Shell(number, rest, List.of(), true, line);
      case "!signal" -> new Step.Signal(number, rest, line);
      case "!close" -> new Step.Close(number, rest.isEmpty() ? 1 : Integer.parseInt(rest), line);
      case "!await" -> await(list, line);
      default -> throw error("no such directive: " + word);
    };
  }

  private Step await(List<String> list, String line) {
    boolean prefixed = list.getFirst().startsWith("@");
    int monitor = prefixed ? Integer.parseInt(list.getFirst().substring(1)) : 1;
    List<String> words = prefixed ? list.subList(1, list.size()) : list;
    return new Step.Await(
        number, monitor, words.getFirst(), List.copyOf(words.subList(1, words.size())), line);
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(file + ":" + number + ": " + what);
  }
}
