// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.ProcessOptions;
import org.qblockd.app.commandline.ProcessOptions.Descriptor;
import org.qblockd.base.BlockException;
import org.qblockd.machine.QuietLog;

/** What QEMU checks before it opens anything. Main thread. */
final class EarlyChecks {
  private static final int LAST_STANDARD_DESCRIPTOR = 2;

  private EarlyChecks() {}

  static void of(ProcessOptions process) throws CommandLineException {
    if (process.logFile().isPresent()) {
      log(process.logFile().get());
    }
    for (Located<List<String>> action : process.actions()) {
      action(action);
    }
    for (Located<Descriptor> descriptor : process.descriptors()) {
      String wrong = fault(descriptor.value());
      if (wrong != null) {
        throw new CommandLineException(descriptor.location(), wrong);
      }
    }
    if (process.savedState().isPresent() && process.incoming().isPresent()) {
      throw new CommandLineException("", "'incoming' and 'loadvm' options are mutually exclusive");
    }
  }

  private static void log(String name) throws CommandLineException {
    try {
      QuietLog.create(name);
    } catch (BlockException e) {
      throw new CommandLineException("", e);
    }
  }

  private static void action(Located<List<String>> action) throws CommandLineException {
    String event = action.value().getFirst();
    String word = action.value().getLast();
    List<String> known =
        switch (event) {
          case "reboot" -> List.of("reset", "shutdown");
          case "shutdown" -> List.of("poweroff", "pause");
          case "panic" -> List.of("pause", "shutdown", "exit-failure", "none");
          default ->
              List.of("reset", "shutdown", "poweroff", "pause", "debug", "none", "inject-nmi");
        };
    if (!known.contains(word)) {
      throw new CommandLineException(
          action.location(), "Parameter '" + event + "' does not accept value '" + word + "'");
    }
  }

  private static @Nullable String fault(Descriptor descriptor) {
    if (descriptor.fd() < 0) {
      return "fd option is required and must be non-negative";
    }
    if (descriptor.fd() <= LAST_STANDARD_DESCRIPTOR) {
      return "fd cannot be a standard I/O stream";
    }
    if (!Files.exists(Path.of("/proc/self/fd/" + descriptor.fd()), LinkOption.NOFOLLOW_LINKS)) {
      return "fd is not valid or already in use";
    }
    return descriptor.set() < 0 ? "set option is required and must be non-negative" : null;
  }
}
