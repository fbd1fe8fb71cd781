// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.drive.DriveOptions;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Kind;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevOptions;

/**
 * Reads a command line in two passes, as QEMU does: first all options must be known and have their
 * arguments, then each one's form is checked. Used once, on the main thread.
 */
final class CommandLineParser {
  private final String program;
  private final String version;
  private final Consumer<String> notes;
  private final GuestOptions guest = new GuestOptions();
  private final List<Located<ChardevOptions>> chardevs = new ArrayList<>();
  private final Set<String> chardevIds = new HashSet<>();
  private final List<Located<MonitorOptions>> monitors = new ArrayList<>();
  private final List<Located<BlockdevOptions>> blockdevs = new ArrayList<>();
  private final List<Located<DriveOptions>> drives = new ArrayList<>();
  private final Set<String> driveIds = new HashSet<>();
  private @Nullable String information;
  private @Nullable String name;
  private @Nullable String pidFile;
  private boolean stopped;
  private int compatMonitors;

  /** The option at hand as messages show it. */
  private String location = "";

  CommandLineParser(String program, String version, Consumer<String> notes) {
    this.program = program;
    this.version = version;
    this.notes = notes;
  }

  CommandLine parse(String[] arguments) throws CommandLineException {
    checkNames(arguments);
    for (int i = 0; i < arguments.length && information == null; i++) {
      String word = arguments[i];
      location = word;
      try {
        if (!isOption(word)) {
          drives.add(
              new Located<>(location, DriveOptions.ofFile(word, "index", "0", "media", "disk")));
          continue;
        }
        OptionName option = known(word);
        String argument = "";
        if (option.hasArgument()) {
          argument = arguments[++i];
          location = word + " " + argument;
        }
        apply(option, argument);
      } catch (QmpException e) {
        throw new CommandLineException(location, e);
      }
    }
    return new CommandLine(
        Optional.ofNullable(information),
        Optional.ofNullable(name),
        stopped,
        Optional.ofNullable(pidFile),
        guest,
        chardevs,
        monitors,
        blockdevs,
        drives);
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

  private void apply(OptionName option, String argument) throws CommandLineException, QmpException {
    switch (option.use()) {
      case SERVED -> serve(option, argument);
      case IGNORED -> {}
      case REFUSED ->
          throw new CommandLineException(location, "this option of QEMU's is not served");
    }
  }

  private void serve(OptionName option, String argument) throws CommandLineException, QmpException {
    switch (option) {
      case H, HELP -> information = HelpText.of(program, version);
      case VERSION -> information = HelpText.version(version);
      case S -> stopped = true;
      case PIDFILE -> pidFile = argument;
      case NAME -> name = nameIn(argument);
      case CHARDEV -> chardev(argument);
      case MON ->
          monitors.add(
              new Located<>(location, MonitorOptions.of(parse(MonitorOptions.PARSER, argument))));
      case QMP -> monitor(argument, "control", false);
      case QMP_PRETTY -> monitor(argument, "control", true);
      case MONITOR -> humanMonitor(argument);
      case BLOCKDEV -> blockdevs.add(new Located<>(location, blockdev(argument)));
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
      default -> guest(option, argument);
    }
  }

  /** Options about the machine that is not there. */
  private void guest(OptionName option, String argument) throws CommandLineException, QmpException {
    switch (option) {
      case MACHINE, M_LARGE -> machine(argument);
      case ACCEL -> accelerator(argument);
      case SMP -> GuestOptions.merge(guest.smp, argument, "cpus");
      case BOOT -> GuestOptions.merge(guest.boot, argument, "order");
      case M -> memory(argument);
      case UUID -> uuid(argument);
      case DISPLAY -> display(argument);
      case VGA -> guest.vga = argument;
      case OBJECT ->
          throw QmpException.generic(
              "Parameter 'qom-type' does not accept value '" + kind(argument, "qom-type") + "'");
      case DEVICE -> guest.devices.add(new Located<>(location, kind(argument, "driver")));
      case SERIAL, PARALLEL, QTEST -> guest.ports.add(new Located<>(location, argument));
      case NET, NIC -> net(argument);
      default -> {}
    }
  }

  private Parsed parse(OptsParser parser, String argument) throws QmpException {
    List<String> warnings = new ArrayList<>();
    try {
      return parser.parse(argument, warnings::add);
    } finally {
      for (int i = 0; i < warnings.size(); i++) {
        String prefix = i % 2 == 0 ? program + ": " + location + ": " : "";
        notes.accept(prefix + warnings.get(i));
      }
    }
  }

  private static String blank(@Nullable String text) {
    return text == null ? "" : text;
  }

  private @Nullable String nameIn(String argument) throws QmpException {
    OptsParser parser =
        OptsParser.of(
            "guest",
            Map.of("guest", Kind.STRING, "process", Kind.STRING, "debug-threads", Kind.BOOL));
    String guestName = parse(parser, argument).get("guest");
    return guestName == null ? name : guestName;
  }

  private void chardev(String argument) throws QmpException {
    Parsed parsed = parse(ChardevOptions.parser("backend"), argument);
    if (parsed.help()) {
      information = "Available chardev backend types: \n  null\n  socket\n  stdio";
      return;
    }
    addChardev(new ChardevOptions(parsed.id(), parsed));
  }

  private void addChardev(ChardevOptions chardev) throws QmpException {
    if (chardev.id() != null && !chardevIds.add(chardev.id())) {
      throw QmpException.generic("Duplicate ID '" + chardev.id() + "' for chardev");
    }
    chardevs.add(new Located<>(location, chardev));
  }

  private void humanMonitor(String argument) throws CommandLineException {
    if (!argument.equals("none")) {
      monitor(argument, "readline", false);
    }
  }

  private void monitor(String argument, String mode, boolean pretty) throws CommandLineException {
    Boolean spread = mode.equals("control") ? pretty : null;
    if (argument.startsWith("chardev:")) {
      String id = argument.substring("chardev:".length());
      monitors.add(new Located<>(location, new MonitorOptions(id, mode, spread)));
      return;
    }
    String id = "compat_monitor" + compatMonitors++;
    String failure = "parse error: " + argument;
    try {
      ChardevOptions chardev = CompatChardev.parse(id, argument);
      if (chardev == null) {
        throw new CommandLineException(location, failure);
      }
      addChardev(chardev);
    } catch (QmpException e) {
      throw new CommandLineException(location, e.text(), failure);
    }
    monitors.add(new Located<>(location, new MonitorOptions(id, mode, spread)));
  }

  private static BlockdevOptions blockdev(String argument) throws QmpException {
    return BlockdevOptions.decode(Keyval.visitor(argument, "driver"), null);
  }

  private void drive(String argument) throws QmpException {
    DriveOptions drive = DriveOptions.of(parse(DriveOptions.PARSER, argument));
    if (drive.id() != null && !driveIds.add(drive.id())) {
      throw QmpException.generic("Duplicate ID '" + drive.id() + "' for drive");
    }
    drives.add(new Located<>(location, drive));
  }

  private void shorthand(String file, String... keysAndValues) {
    drives.add(new Located<>(location, DriveOptions.ofFile(file, keysAndValues)));
  }

  private void machine(String argument) throws QmpException {
    GuestOptions.merge(guest.machine, argument, GuestOptions.TYPE);
    if (guest.machine.containsKey("help") || "help".equals(guest.machine.get(GuestOptions.TYPE))) {
      information = MachineType.list();
    }
  }

  private void accelerator(String argument) throws QmpException {
    Parsed parsed = parse(OptsParser.acceptingAny("accel"), argument);
    if (parsed.help()) {
      information = "Accelerators supported in QEMU binary:\ntcg\nkvm";
      return;
    }
    String accelerator = blank(parsed.get("accel"));
    guest.qtest |= guest.accelerators.isEmpty() && accelerator.equals("qtest");
    guest.accelerators.add(new Located<>(location, accelerator));
  }

  /** The type of an object or device; there are none of any type. */
  private static String kind(String argument, String key) throws QmpException {
    return argument.startsWith("{") ? argument : blank(Keyval.flat(argument, key).get(key));
  }

  private void memory(String argument) throws QmpException {
    Map<String, Kind> known = Map.of("size", Kind.SIZE, "slots", Kind.NUMBER, "maxmem", Kind.SIZE);
    Parsed unused = parse(OptsParser.of("size", known), argument);
  }

  private static void uuid(String argument) throws QmpException {
    if (!argument.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw QmpException.generic("failed to parse UUID string: wrong format");
    }
  }

  private static void display(String argument) throws QmpException {
    int comma = argument.indexOf(',');
    String type = comma < 0 ? argument : argument.substring(0, comma);
    if (!type.equals("none")) {
      throw QmpException.generic("Parameter 'type' does not accept value '" + type + "'");
    }
    for (String key : Keyval.flat(argument, "type").keySet()) {
      if (!key.equals("type")) {
        throw QmpException.generic("Parameter '" + key + "' is unexpected");
      }
    }
  }

  private static void net(String argument) throws QmpException {
    if (!argument.equals("none")) {
      throw QmpException.generic("Parameter 'type' does not accept value '" + argument + "'");
    }
  }
}
