// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.replay.ReplayTool;
import org.qblockd.shell.Shell;

/**
 * The programs that {@code qblockd} is beside the server: its first argument names them. Main
 * thread.
 */
final class Tool {
  private static final List<String> NAMES = List.of("shell", "status", "replay", "play");

  private Tool() {}

  /** Whether a first argument names a program. */
  static boolean isName(String argument) {
    return NAMES.contains(argument);
  }

  /** Runs one; returns the exit status. */
  static int run(String[] args, String version) throws CommandLineException {
    List<String> rest = Arrays.asList(args).subList(1, args.length);
    Path socket = ExampleServer.socket(System.getenv());
    Shell shell = new Shell(System.out, System.err, System.getenv(), socket.toString());
    ReplayTool tool = new ReplayTool(System.out, System.err, socket.toString());
    return switch (args[0]) {
      case "status" -> shell.status(rest);
      case "replay" -> tool.replay(rest);
      case "play" -> tool.play(rest);
      default -> shell.run(rest);
    };
  }
}
