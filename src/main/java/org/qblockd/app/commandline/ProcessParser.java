// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import java.util.Locale;
import org.qblockd.app.commandline.ProcessOptions.Descriptor;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/** Reads the options about the process and how it starts and ends. Main thread. */
final class ProcessParser {
  private static final List<String> CHANNELS =
      List.of("tcp", "unix", "vsock", "exec", "fd", "rdma", "file");

  private final OptionReader reader;
  private final ProcessOptions options = new ProcessOptions();

  ProcessParser(OptionReader reader) {
    this.reader = reader;
  }

  ProcessOptions options() {
    return options;
  }

  void apply(OptionName option, String argument)
      throws CommandLineException, QmpException, HelpException {
    switch (option) {
      case S -> options.stopped = true;
      case NAME -> name(argument);
      case PIDFILE -> options.pidFile = argument;
      case DAEMONIZE -> options.daemonize = true;
      case UUID -> uuid(argument);
      case INCOMING -> incoming(argument);
      case LOADVM -> options.savedState = argument;
      case MSG -> messages(argument);
      case ADD_FD -> descriptor(argument);
      case D_LARGE -> options.logFile = argument;
      case D -> options.logItems = argument;
      case PRECONFIG -> options.preconfig = true;
      case NO_REBOOT -> action("reboot", "shutdown");
      case NO_SHUTDOWN -> action("shutdown", "pause");
      case WATCHDOG_ACTION -> action("watchdog", argument);
      case ACTION -> actions(argument);
      case X_DASHBOARD -> options.dashboard = reader.located(argument);
      case RECORD -> options.recordFile = argument;
      case QEMU_VERSION -> options.release = argument;
      case TRACE -> Traces.apply(reader, argument);
      default -> {
        Parsed unused = reader.parse(OptionForm.of(option), argument);
      }
    }
  }

  private void name(String argument) throws QmpException {
    String guestName = reader.parse(OptionForm.of(OptionName.NAME), argument).get("guest");
    options.name = guestName == null ? options.name : guestName;
  }

  private void uuid(String argument) throws QmpException {
    if (!isUuid(argument)) {
      throw QmpException.generic("failed to parse UUID string: wrong format");
    }
    options.uuid = argument.toLowerCase(Locale.ROOT);
  }

  /** Groups of 8, 4, 4, 4 and 12 hexadecimal digits. */
  private static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text.charAt(i) != '-' : Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Only the form is looked at: there is nobody to take a machine's state from. */
  private void incoming(String argument) throws QmpException {
    int colon = argument.indexOf(':');
    String kind = colon < 0 ? argument : argument.substring(0, colon);
    boolean known =
        argument.startsWith("{")
            || kind.equals("defer") && colon < 0
            || colon >= 0 && CHANNELS.contains(kind);
    if (!known && argument.indexOf('=') < 0) {
      throw QmpException.generic(
          colon < 0
              ? "Parameter 'channel-type' does not accept value '" + argument + "'"
              : "unknown migration protocol: " + argument);
    }
    options.incoming = reader.located(argument);
  }

  private void messages(String argument) throws QmpException {
    Parsed parsed = reader.parse(OptionForm.of(OptionName.MSG), argument);
    options.timestamps = parsed.flag("timestamp", options.timestamps);
    options.guestNames = parsed.flag("guest-name", options.guestNames);
  }

  private void descriptor(String argument) throws QmpException {
    Parsed parsed = reader.parse(OptionForm.of(OptionName.ADD_FD), argument);
    String fd = parsed.get("fd");
    String set = parsed.get("set");
    Descriptor descriptor =
        new Descriptor(
            fd == null ? -1 : (int) OptsParser.number("fd", fd),
            set == null ? -1 : OptsParser.number("set", set),
            parsed.get("opaque"));
    options.descriptors.add(reader.located(descriptor));
  }

  private void actions(String argument) throws QmpException {
    for (OptsParser.Option each :
        reader.parse(OptionForm.of(OptionName.ACTION), argument).options()) {
      action(each.name(), each.value());
    }
  }

  private void action(String event, String action) {
    options.actions.add(reader.located(List.of(event, action)));
  }
}
