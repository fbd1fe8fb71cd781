// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.qblockd.machine.drive.DriveOptions;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.ObjectOptions;

/**
 * Reads the emulator's command line in two passes, as QEMU does: first all options must be known
 * and have their arguments, then each one's form is checked. Used once, on the main thread.
 */
final class CommandLineParser {
  private final String program;
  private final String version;
  private final OptionReader reader;
  private final ProcessParser process;
  private final GuestParser guest;
  private final DeviceParser devices;
  private final List<Located<ObjectOptions>> objects = new ArrayList<>();
  private final Set<String> objectIds = new HashSet<>();
  private final List<Located<ChardevOptions>> chardevs = new ArrayList<>();
  private final Set<String> chardevIds = new HashSet<>();
  private final List<Located<MonitorOptions>> monitors = new ArrayList<>();
  private final List<Located<BlockdevOptions>> blockdevs = new ArrayList<>();
  private final List<Located<DriveOptions>> drives = new ArrayList<>();
  private final Set<String> driveIds = new HashSet<>();
  private int compatMonitors;
  private boolean snapshot;
  private boolean monitorGiven;

  CommandLineParser(String program, String version, Consumer<String> notes) {
    this.program = program;
    this.version = version;
    reader = new OptionReader(program, notes);
    process = new ProcessParser(reader);
    guest = new GuestParser(reader);
    devices = new DeviceParser(reader);
  }

  CommandLine parse(String[] arguments) throws CommandLineException, HelpException {
    checkNames(arguments);
    String[] texts = withSettings(arguments);
    for (int i = 0; i < arguments.length; i++) {
      String word = arguments[i];
      reader.at(word);
      try {
        if (!isOption(word)) {
          shorthand(word, "index", "0", "media", "disk");
          continue;
        }
        OptionName option = known(word);
        String argument = "";
        if (option.hasArgument()) {
          reader.at(word + " " + arguments[++i]);
          argument = texts[i];
        }
        apply(option, argument);
      } catch (QmpException e) {
        throw new CommandLineException(reader.location(), e);
      }
    }
    if (snapshot) {
      for (Located<DriveOptions> drive : drives) {
        drive.value().values().putIfAbsent("snapshot", "on");
      }
    }
    addDefaults();
    guest.options().globals = devices.globals();
    if (!guest.options().isBare()) {
      Defaults.apply(guest.options(), devices.drivers());
    }
    return new CommandLine(
        Program.SYSTEM_EMULATOR,
        process.options(),
        guest.options(),
        objects,
        chardevs,
        monitors,
        blockdevs,
        drives,
        devices.devices(),
        List.of());
  }

  /** The console, ports and monitor that QEMU adds when it is not told what to have. */
  private void addDefaults() throws CommandLineException {
    GuestOptions given = guest.options();
    if (!given.defaults()) {
      return;
    }
    reader.at("");
    Set<String> drivers = given.isBare() ? Set.of() : devices.drivers();
    boolean serial =
        !given.isBare() && !given.hasPort(GuestPort.Kind.SERIAL) && !drivers.contains("isa-serial");
    boolean parallel =
        !given.isBare()
            && !given.hasPort(GuestPort.Kind.PARALLEL)
            && !drivers.contains("isa-parallel");
    boolean monitor = !monitorGiven && !given.hasMonitorPort();
    String console = given.graphics() ? "vc:80Cx24C" : "stdio";
    boolean shared = serial && monitor && !given.graphics();
    if (parallel) {
      String place = given.graphics() ? console : "null";
      given.ports.add(reader.located(new GuestPort(GuestPort.Kind.PARALLEL, place)));
    }
    if (serial) {
      String place = shared ? "mon:stdio" : console;
      given.ports.add(reader.located(new GuestPort(GuestPort.Kind.SERIAL, place)));
    }
    if (monitor && !shared) {
      monitor(console, "readline", false);
    }
  }

  /** The arguments with what {@code -set} adds to them. */
  private static String[] withSettings(String[] arguments) throws CommandLineException {
    String[] texts = arguments.clone();
    for (int i = 0; i < arguments.length; i++) {
      if (!isOption(arguments[i])) {
        continue;
      }
      OptionName option = known(arguments[i]);
      i += option.hasArgument() ? 1 : 0;
      if (option != OptionName.SET) {
        continue;
      }
      try {
        OptionGroups.apply(texts, i);
      } catch (QmpException e) {
        throw new CommandLineException(arguments[i - 1] + " " + arguments[i], e);
      }
    }
    return texts;
  }

  /** Each group as if it were an option here; what is wrong at once, is wrong with the file. */
  private void readConfig(String file) throws CommandLineException, QmpException, HelpException {
    String location = reader.location();
    for (ConfigFile.Group group : ConfigFile.read(file, location)) {
      OptionName option = OptionGroups.option(group.name());
      String text = OptionGroups.text(group);
      reader.at(":" + file + ":" + group.line());
      try {
        apply(option, text);
      } catch (QmpException e) {
        // Objects are read when they are made.
        String place = option == OptionName.OBJECT ? reader.location() : location;
        throw new CommandLineException(place, e);
      }
      reader.at(location);
    }
  }

  private static boolean isOption(String word) {
    return word.startsWith("-");
  }

  private static OptionName known(String word) throws CommandLineException {
    OptionName option = OptionName.find(word);
    if (option == null) {
      throw new CommandLineException(word, "invalid option");
    }
    return option;
  }

  private static void checkNames(String[] arguments) throws CommandLineException {
    for (int i = 0; i < arguments.length; i++) {
      if (!isOption(arguments[i])) {
        continue;
      }
      OptionName option = known(arguments[i]);
      if (option.hasArgument()) {
        if (i + 1 == arguments.length) {
          throw new CommandLineException(arguments[i], "requires an argument");
        }
        i++;
      }
    }
  }

  private void apply(OptionName option, String argument)
      throws CommandLineException, QmpException, HelpException {
    switch (option.use()) {
      case HELP ->
          throw new HelpException(
              option == OptionName.VERSION
                  ? HelpText.version(Program.SYSTEM_EMULATOR, version)
                  : HelpText.of(program, version));
      case PROCESS -> process.apply(option, argument);
      case BACK_END -> backEnd(option, argument);
      case GUEST -> guest.apply(option, argument);
      case IGNORED -> {}
      case FOREIGN -> throw reader.wrong("Option not supported for this target");
    }
  }

  private void backEnd(OptionName option, String argument)
      throws CommandLineException, QmpException, HelpException {
    switch (option) {
      case CHARDEV -> chardev(argument);
      case MON -> {
        monitorGiven = true;
        monitors.add(
            reader.located(MonitorOptions.of(reader.parse(MonitorOptions.PARSER, argument))));
      }
      case QMP -> monitor(argument, "control", false);
      case QMP_PRETTY -> monitor(argument, "control", true);
      case MONITOR -> humanMonitor(argument);
      case BLOCKDEV -> blockdevs.add(reader.located(blockdev(argument)));
      case DRIVE -> drive(argument);
      case HDA, HDB, HDC, HDD ->
          shorthand(
              argument,
              "index",
              Integer.toString(option.ordinal() - OptionName.HDA.ordinal()),
              "media",
              "disk");
      case CDROM -> shorthand(argument, "index", "2", "media", "cdrom");
      case FDA -> shorthand(argument, "if", "floppy", "index", "0");
      case FDB -> shorthand(argument, "if", "floppy", "index", "1");
      case MTDBLOCK -> shorthand(argument, "if", "mtd");
      case SD -> shorthand(argument, "if", "sd");
      case PFLASH -> shorthand(argument, "if", "pflash");
      case OBJECT -> objects.add(reader.located(ObjectTexts.flat(reader, argument, objectIds)));
      case DEVICE -> devices.device(argument);
      case GLOBAL -> devices.global(argument);
      case SNAPSHOT -> snapshot = true;
      case READCONFIG -> readConfig(argument);
      case SET -> {}
      default -> throw reader.wrong("this option of QEMU's is not served");
    }
  }

  private void chardev(String argument) throws QmpException, HelpException {
    Parsed parsed = reader.parse(ChardevOptions.parser("backend"), argument);
    ChardevOptions.answerHelp(parsed);
    addChardev(new ChardevOptions(parsed.id(), parsed));
  }

  private void addChardev(ChardevOptions chardev) throws QmpException {
    if (chardev.id() != null && !chardevIds.add(chardev.id())) {
      throw QmpException.generic("Duplicate ID '" + chardev.id() + "' for chardev");
    }
    chardevs.add(reader.located(chardev));
  }

  private void humanMonitor(String argument) throws CommandLineException {
    monitorGiven = true;
    if (!argument.equals("none")) {
      monitor(argument, "readline", false);
    }
  }

  private void monitor(String argument, String mode, boolean pretty) throws CommandLineException {
    monitorGiven = true;
    Boolean spread = mode.equals("control") ? pretty : null;
    String id = "compat_monitor" + compatMonitors++;
    if (argument.startsWith("chardev:")) {
      String named = argument.substring("chardev:".length());
      monitors.add(reader.located(new MonitorOptions(named, mode, spread)));
      return;
    }
    String failure = "parse error: " + argument;
    try {
      ChardevOptions chardev = CompatChardev.parse(id, argument);
      if (chardev == null) {
        throw reader.wrong(failure);
      }
      addChardev(chardev);
    } catch (QmpException e) {
      throw new CommandLineException(reader.location(), e.text(), failure);
    }
    monitors.add(reader.located(new MonitorOptions(id, mode, spread)));
  }

  private static BlockdevOptions blockdev(String argument) throws QmpException {
    return BlockdevOptions.decode(Keyval.visitor(argument, "driver"), null);
  }

  private void drive(String argument) throws QmpException {
    DriveOptions drive = DriveOptions.of(reader.parse(DriveOptions.PARSER, argument));
    if (drive.id() != null && !driveIds.add(drive.id())) {
      throw QmpException.generic("Duplicate ID '" + drive.id() + "' for drive");
    }
    drives.add(reader.located(drive));
  }

  private void shorthand(String file, String... keysAndValues) {
    drives.add(reader.located(DriveOptions.ofFile(file, keysAndValues)));
  }
}
