// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.qblockd.machine.drive.DriveOptions;
import org.qblockd.qapi.types.BlockdevOptions;

/**
 * What a command line asks for; every list in the order of the options. Immutable; any thread.
 *
 * @param information what to print instead of serving, as for {@code -version}
 * @param name the name of the machine, as {@code query-name} shows it
 * @param stopped whether the machine waits for {@code cont}
 * @param pidFile where to write the process id
 */
public record CommandLine(
    Optional<String> information,
    Optional<String> name,
    boolean stopped,
    Optional<String> pidFile,
    GuestOptions guest,
    List<Located<ChardevOptions>> chardevs,
    List<Located<MonitorOptions>> monitors,
    List<Located<BlockdevOptions>> blockdevs,
    List<Located<DriveOptions>> drives) {

  /**
   * Reads a command line and checks the form of all its options.
   *
   * @param program the name the program was started by
   * @param version of this server
   * @param notes takes lines of warnings for standard error, program name included
   */
  public static CommandLine parse(
      String program, String version, String[] arguments, Consumer<String> notes)
      throws CommandLineException {
    return new CommandLineParser(program, version, notes).parse(arguments);
  }
}
