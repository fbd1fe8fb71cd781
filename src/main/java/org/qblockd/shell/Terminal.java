// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The user's terminal: lines with history and completion, output above them. One thread reads. */
final class Terminal implements AutoCloseable {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final org.jline.terminal.Terminal terminal;
  private final LineReader reader;

  /**
   * Takes the terminal.
   *
   * @param history where the lines are kept, or null
   */
  Terminal(Completions completions, @Nullable Path history) throws IOException {
    terminal = TerminalBuilder.builder().system(true).jni(false).dumb(true).build();
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("qblockd")
            .parser(new WholeWords())
            .completer((line, parsed, candidates) -> {
              String text = parsed.line().substring(0, parsed.cursor());
              for (Completions.Candidate each : completions.of(text)) {
                candidates.add(
                    new Candidate(
                        each.text(), each.text(), null, null, null, null, each.complete()));
              }
            });
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    reader = builder.build();
    reader.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
  }

  /** Words as {@link Words} splits them; a line whose braces are open goes on in the next. */
  private static final class WholeWords implements Parser {
    private final DefaultParser plain = new DefaultParser();

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && ShellSession.isOpen(line)) {
        throw new EOFError(-1, -1, "open", "…");
      }
      if (context != ParseContext.COMPLETE) {
        return plain.parse(line, cursor, ParseContext.UNSPECIFIED);
      }
      List<String> words = Words.of(line.substring(0, cursor)).words();
      return new TypedLine(line, cursor, words);
    }
  }

  /** What is typed so far. */
  private record TypedLine(String line, int cursor, List<String> words) implements ParsedLine {
    @Override
    public String word() {
      return words.getLast();
    }

    @Override
    public int wordCursor() {
      return words.getLast().length();
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }
  }

  /** The next line; null when the user leaves. An interrupted line is empty. */
  @Nullable String readLine(String prompt) {
    try {
      return reader.readLine(prompt);
    } catch (UserInterruptException e) {
      return "";
    } catch (EndOfFileException e) {
      return null;
    }
  }

  /** Shows text above what is being typed. Any thread. */
  void print(String text) {
    reader.printAbove(text);
  }

  /** Shows a line that the next one replaces. */
  Consumer<String> bar() {
    return text -> {
      terminal.writer().print(CLEAR_LINE + text);
      terminal.writer().flush();
    };
  }

  /** Ends what {@link #bar} has shown. */
  void endBar() {
    terminal.writer().print(CLEAR_LINE);
    terminal.writer().flush();
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
