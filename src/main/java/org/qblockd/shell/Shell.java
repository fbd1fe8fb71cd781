// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.client.QmpAddress;
import org.qblockd.client.QmpClient;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/** The programs {@code qblockd shell} and {@code qblockd status}. Main thread. */
public final class Shell {
  private static final int FAILURE = 1;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final String usualAddress;
  private volatile @Nullable Terminal terminal;

  /**
   * A shell.
   *
   * @param usualAddress where the example server listens
   */
  public Shell(
      PrintStream out, PrintStream err, Map<String, String> environment, String usualAddress) {
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.usualAddress = usualAddress;
  }

  /** Prints graph and jobs of a server; returns the exit status. */
  public int status(List<String> arguments) {
    try (QmpClient client =
        QmpClient.connect(
            QmpAddress.of(arguments.isEmpty() ? usualAddress : arguments.getFirst()))) {
      return new StatusTree(client).print(out::println) ? 0 : FAILURE;
    } catch (IOException e) {
      return fail(e.getMessage());
    } catch (QmpException e) {
      return fail(e.text());
    }
  }

  /** The console is null where standard input or output is none, unless JLine is the JDK's. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Runs the shell; returns the exit status. */
  public int run(List<String> arguments) {
    boolean onTerminal = onTerminal();
    try {
      ShellOptions options = ShellOptions.of(arguments, onTerminal);
      return talk(options, onTerminal);
    } catch (ShellOptions.BadOptions e) {
      if (String.valueOf(e.getMessage()).isEmpty()) {
        out.print(ShellOptions.HELP);
        return 0;
      }
      return fail(e.getMessage());
    } catch (IOException e) {
      return fail(e.getMessage());
    } catch (QmpException e) {
      return fail(e.text());
    }
  }

  private int fail(@Nullable String message) {
    err.println("qblockd: " + message);
    return FAILURE;
  }

  private int talk(ShellOptions options, boolean onTerminal) throws IOException, QmpException {
    String given = options.address();
    QmpAddress address = QmpAddress.of(given == null ? usualAddress : given);
    EventQueue events = new EventQueue();
    boolean interactive =
        onTerminal
            && options.commands().isEmpty()
            && options.script() == null
            && options.follow() == null;
    try (QmpClient client =
        QmpClient.connect(
            address,
            event -> {
              events.add(event);
              if (!options.settings().quiet()) {
                print(JsonWriter.toText(event));
              }
            })) {
      client.onEnd(events::end);
      JobFollower follower = new JobFollower(client, events, this::endBarAndPrint, bar(onTerminal));
      if (options.follow() != null) {
        return follower.follow(options.follow()) ? 0 : FAILURE;
      }
      ShellSession session =
          new ShellSession(client, events, options.settings(), this::print, follower);
      return interactive ? interact(client, session) : script(options, session);
    }
  }

  private java.util.function.@Nullable Consumer<String> bar(boolean onTerminal) {
    if (!onTerminal) {
      return null;
    }
    return text -> {
      out.print("\r\u001b[K" + text);
      out.flush();
    };
  }

  private void endBarAndPrint(String text) {
    if (onTerminal()) {
      out.print("\r\u001b[K");
    }
    print(text);
  }

  private void print(String text) {
    Terminal user = terminal;
    if (user != null) {
      user.print(text);
    } else {
      out.println(text);
      out.flush();
    }
  }

  private int interact(QmpClient client, ShellSession session) throws IOException {
    Completions completions = new Completions(session::schema, new ServerNames(client));
    try (Terminal user = new Terminal(completions, history())) {
      terminal = user;
      print(JsonWriter.toText(greeting(client)));
      while (!session.over()) {
        String line = user.readLine(session.prompt());
        if (line == null) {
          break;
        }
        boolean unused = session.run(line);
      }
    } finally {
      terminal = null;
    }
    return 0;
  }

  private static JsonObject greeting(QmpClient client) {
    return client.greeting();
  }

  /** Below the user's state directory, so that lines live from one session to the next. */
  private @Nullable Path history() {
    String state = environment.get("XDG_STATE_HOME");
    String home = environment.get("HOME");
    if (state == null && home == null) {
      return null;
    }
    Path directory = state != null ? Path.of(state) : Path.of(home, ".local", "state");
    Path file = directory.resolve("qblockd").resolve("shell-history");
    try {
      Path unused = Files.createDirectories(file.getParent());
      return file;
    } catch (IOException readOnly) {
      return null;
    }
  }

  private int script(ShellOptions options, ShellSession session) throws IOException {
    boolean good = true;
    if (!options.commands().isEmpty()) {
      for (String line : options.commands()) {
        if (good || options.keepGoing()) {
          good &= session.run(line);
        }
      }
      return good ? 0 : FAILURE;
    }
    String script = options.script();
    try (BufferedReader lines = new BufferedReader(open(script == null ? "-" : script))) {
      String line = next(lines);
      while (line != null && !session.over() && (good || options.keepGoing())) {
        good &= session.run(line);
        line = next(lines);
      }
    }
    return good ? 0 : FAILURE;
  }

  private static Reader open(String script) throws IOException {
    return script.equals("-")
        ? new InputStreamReader(System.in, UTF_8)
        : Files.newBufferedReader(Path.of(script), UTF_8);
  }

  /** A line, and those that follow while something in it is open. */
  private static @Nullable String next(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && ShellSession.isOpen(line)) {
      String more = lines.readLine();
      if (more == null) {
        break;
      }
      line += "\n" + more;
    }
    return line;
  }
}
