// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import java.util.function.Consumer;
import org.qblockd.machine.drive.DriveOptions;
import org.qblockd.qapi.options.DeviceOptions;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.ObjectOptions;

/**
 * What a command line asks for; every list in the order of the options. Immutable; any thread.
 *
 * @param objects the texts of {@code -object}
 * @param devices the options of each {@code -device}, its driver and id included
 * @param steps what the storage daemon does, one option after another; the lists before are empty
 *     then
 */
public record CommandLine(
    Program program,
    ProcessOptions process,
    GuestOptions guest,
    List<Located<ObjectOptions>> objects,
    List<Located<ChardevOptions>> chardevs,
    List<Located<MonitorOptions>> monitors,
    List<Located<BlockdevOptions>> blockdevs,
    List<Located<DriveOptions>> drives,
    List<Located<DeviceOptions>> devices,
    List<Located<DaemonStep>> steps) {

  /**
   * Reads a command line and checks the form of all its options.
   *
   * @param name the name the program was started by
   * @param version of this server
   * @param notes takes lines of warnings for standard error, program name included
   * @throws HelpException when it asks for a text only
   */
  public static CommandLine parse(
      Program program, String name, String version, String[] arguments, Consumer<String> notes)
      throws CommandLineException, HelpException {
    return program == Program.STORAGE_DAEMON
        ? new StorageDaemonParser(name, version).parse(arguments)
        : new CommandLineParser(name, version, notes).parse(arguments);
  }
}
