// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qblockd.client.QmpAddress;

/** The programs {@code qblockd replay} and {@code qblockd play}. Main thread. */
public final class ReplayTool {
  private static final long USUAL_SECONDS = 10;
  private static final int DIFFERENT = 1;
  private static final int WRONG = 2;

  private static final String HELP =
      """
      Usage: qblockd replay [OPTION…] FILE [SOCKET]
             qblockd play [OPTION…] FILE SOCKET

      replay says to the server at SOCKET what FILE holds and shows where the answers differ (status 1).
      play listens at SOCKET and answers a client as FILE has it; status 1 when it was asked something else.
      FILE is what the server's option --record wrote, or a conversation of the project's tests.

        --ignore MEMBER  this member does not count; may be repeated
        -t SECONDS       how long replay waits for a message (10)
        -h, --help       this text
      """;

  private final PrintStream out;
  private final PrintStream err;
  private final String usualAddress;
  private final Set<String> ignored = new HashSet<>();
  private final List<String> words = new ArrayList<>();
  private long seconds = USUAL_SECONDS;
  private boolean help;

  /**
   * The tool.
   *
   * @param usualAddress where the example server listens
   */
  public ReplayTool(PrintStream out, PrintStream err, String usualAddress) {
    this.out = out;
    this.err = err;
    this.usualAddress = usualAddress;
  }

  /** Plays a recording against a server; returns the exit status. */
  public int replay(List<String> arguments) {
    try {
      read(arguments);
      if (help) {
        out.print(HELP);
        return 0;
      }
      need(1, 2);
      QmpAddress address = QmpAddress.of(words.size() > 1 ? words.get(1) : usualAddress);
      RecordedTalk talk = RecordedTalk.read(Path.of(words.getFirst()));
      int differences = new Replay(address, out, ignored, seconds).play(talk);
      out.println(talk.lines().size() + " messages, " + differences + " differences");
      return differences == 0 ? 0 : DIFFERENT;
    } catch (IOException e) {
      return fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WRONG;
    }
  }

  /** Serves a recording; returns the exit status. */
  public int play(List<String> arguments) {
    try {
      read(arguments);
      if (help) {
        out.print(HELP);
        return 0;
      }
      need(2, 2);
      RecordedTalk talk = RecordedTalk.read(Path.of(words.getFirst()));
      QmpAddress address = QmpAddress.of(words.get(1));
      try (ServerSocketChannel listener = address.listen()) {
        out.println("listening at " + address.text());
        out.flush();
        return new Play(talk, out, ignored).serve(listener) == 0 ? 0 : DIFFERENT;
      } finally {
        if (address.socket() instanceof UnixDomainSocketAddress unix) {
          boolean unused = Files.deleteIfExists(unix.getPath());
        }
      }
    } catch (IOException e) {
      return fail(e);
    }
  }

  private void need(int least, int most) throws IOException {
    if (words.size() < least || words.size() > most) {
      throw new IOException("expects FILE and SOCKET; --help tells more");
    }
  }

  private int fail(IOException e) {
    err.println("qblockd: " + e.getMessage());
    return WRONG;
  }

  private void read(List<String> arguments) throws IOException {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      switch (word) {
        case "-h", "--help" -> help = true;
        case "--ignore", "-t" -> {
          i++;
          if (i == arguments.size()) {
            throw new IOException(word + ": requires an argument");
          }
          option(word, arguments.get(i));
        }
        default -> {
          if (word.startsWith("-")) {
            throw new IOException(word + ": invalid option");
          }
          words.add(word);
        }
      }
    }
  }

  private void option(String name, String value) throws IOException {
    if (name.equals("--ignore")) {
      ignored.add(value);
      return;
    }
    try {
      seconds = Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IOException("-t " + value + ": expects seconds", e);
    }
  }
}
