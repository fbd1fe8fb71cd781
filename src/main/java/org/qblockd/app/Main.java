// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.CommandLine;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Program;
import org.qblockd.app.process.Signals;

/**
 * The program's entry. Main thread.
 *
 * <p>The launcher hands over the name that the program was called by in the property {@code
 * qblockd.argv0}; messages begin with its last part, as QEMU's do. With {@code qblockd.training}
 * set, the build asks for a training run ({@link Training}).
 */
public final class Main {
  private static final int FAILURE = 1;

  private Main() {}

  /** Runs the program; arguments are QEMU's. */
  public static void main(String[] args) throws Exception {
    String training = System.getProperty("qblockd.training");
    if (training != null) {
      Training.run(Path.of(training));
      // Threads that the run has left behind would keep the process.
      System.exit(0);
    }
    if (args.length > 1 && !Tool.isName(args[0])) {
      Preparation.start();
    }
    int status = run(args);
    System.out.flush();
    Signals.exit(status);
  }

  /** Runs a server until its end; returns the exit status. */
  static int run(String... args) throws InterruptedException {
    Messages messages = new Messages(name());
    try {
      if (args.length > 0 && messages.program().equals("qblockd") && Tool.isName(args[0])) {
        return Tool.run(args, version());
      }
      Program program = Program.of(messages.program());
      return ExampleServer.isAskedFor(args) && program == Program.SYSTEM_EMULATOR
          ? runExample(messages, args)
          : run(program, args, messages);
    } catch (CommandLineException e) {
      messages.explain(e);
      return FAILURE;
    } catch (HelpException e) {
      if (!e.text().isEmpty()) {
        System.out.println(e.text());
      }
      return e.status();
    }
  }

  private static int run(Program program, String[] args, Messages messages)
      throws CommandLineException, HelpException, InterruptedException {
    CommandLine line =
        CommandLine.parse(program, messages.program(), version(), args, messages::print);
    Server server = new Server(line, version(), messages);
    server.start();
    DashboardStart dashboard = server.dashboard();
    if (dashboard != null) {
      messages.report("dashboard on " + dashboard.url());
    }
    server.await();
    return 0;
  }

  private static int runExample(Messages messages, String... args)
      throws CommandLineException, HelpException, InterruptedException {
    ExampleServer example = ExampleServer.prepare(System.getenv(), version(), messages);
    CommandLine line =
        CommandLine.parse(
            Program.SYSTEM_EMULATOR,
            messages.program(),
            version(),
            example.arguments(args),
            messages::print);
    Server server = new Server(line, version(), messages);
    server.start();
    int port = server.transports().lastTcpPort();
    DashboardStart dashboard = server.dashboard();
    String page = dashboard == null ? "none" : dashboard.url();
    System.out.println(example.welcome(messages.program(), version(), port, page));
    server.await();
    return 0;
  }

  private static String name() {
    String argv0 = System.getProperty("qblockd.argv0", "qblockd");
    return argv0.substring(argv0.lastIndexOf('/') + 1);
  }

  /** The project's version; unknown when the classes do not come from the jar. */
  private static String version() {
    @Nullable String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
