// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.ConfigFile.Entry;
import org.qblockd.app.commandline.ConfigFile.Group;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;

/** The groups of options that {@code -readconfig} and {@code -set} name. Stateless; main thread. */
final class OptionGroups {
  private static final Map<String, OptionName> OPTIONS =
      Map.ofEntries(
          Map.entry("accel", OptionName.ACCEL),
          Map.entry("acpi", OptionName.ACPITABLE),
          Map.entry("action", OptionName.ACTION),
          Map.entry("add-fd", OptionName.ADD_FD),
          Map.entry("boot-opts", OptionName.BOOT),
          Map.entry("chardev", OptionName.CHARDEV),
          Map.entry("device", OptionName.DEVICE),
          Map.entry("drive", OptionName.DRIVE),
          Map.entry("fsdev", OptionName.FSDEV),
          Map.entry("fw_cfg", OptionName.FW_CFG),
          Map.entry("global", OptionName.GLOBAL),
          Map.entry("icount", OptionName.ICOUNT),
          Map.entry("iscsi", OptionName.ISCSI),
          Map.entry("machine", OptionName.MACHINE),
          Map.entry("memory", OptionName.M),
          Map.entry("mon", OptionName.MON),
          Map.entry("msg", OptionName.MSG),
          Map.entry("name", OptionName.NAME),
          Map.entry("net", OptionName.NET),
          Map.entry("netdev", OptionName.NETDEV),
          Map.entry("nic", OptionName.NIC),
          Map.entry("numa", OptionName.NUMA),
          Map.entry("object", OptionName.OBJECT),
          Map.entry("option-rom", OptionName.OPTION_ROM),
          Map.entry("overcommit", OptionName.OVERCOMMIT),
          Map.entry("plugin", OptionName.PLUGIN),
          Map.entry("rtc", OptionName.RTC),
          Map.entry("run-with", OptionName.RUN_WITH),
          Map.entry("sandbox", OptionName.SANDBOX),
          Map.entry("smbios", OptionName.SMBIOS),
          Map.entry("smp-opts", OptionName.SMP),
          Map.entry("tpmdev", OptionName.TPMDEV),
          Map.entry("trace", OptionName.TRACE),
          Map.entry("virtfs", OptionName.VIRTFS),
          Map.entry("vnc", OptionName.VNC));

  /** Groups that are no lists of options with ids. */
  private static final List<String> WITHOUT_SET =
      List.of("machine", "object", "smp-opts", "boot-opts");

  private static final OptsParser ANY = OptsParser.acceptingAny(null);

  private OptionGroups() {}

  /** The option of a group. */
  static OptionName option(String group) throws QmpException {
    OptionName option = OPTIONS.get(group);
    if (option == null) {
      throw QmpException.generic("There is no option group '" + group + "'");
    }
    return option;
  }

  /** A group of a file as the text of its option. */
  static String text(Group group) throws QmpException {
    StringBuilder text = new StringBuilder();
    if (group.id() != null) {
      append(text, "id", group.id());
    }
    for (Entry entry : group.entries()) {
      if (entry.key().indexOf('=') >= 0 || entry.key().indexOf(',') >= 0) {
        throw QmpException.generic("Invalid parameter '" + entry.key() + "'");
      }
      append(text, entry.key(), entry.value());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String key, String value) {
    text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(escaped(value));
  }

  private static String escaped(String value) {
    return value.replace(",", ",,");
  }

  /** What {@code -set} says: group, id, key and value. */
  record Setting(String group, String id, String key, String value) {
    static @Nullable Setting of(String text) {
      int first = text.indexOf('.');
      int second = text.indexOf('.', first + 1);
      int equals = text.indexOf('=', second + 1);
      if (first <= 0 || second <= first + 1 || equals <= second + 1) {
        return null;
      }
      return new Setting(
          text.substring(0, first),
          text.substring(first + 1, second),
          text.substring(second + 1, equals),
          text.substring(equals + 1));
    }
  }

  /**
   * Adds what {@code -set} at {@code index} says to the option before it that it names.
   *
   * @param texts the arguments of all options, where they stand; that option's is changed
   */
  static void apply(String[] texts, int index) throws QmpException {
    Setting setting = Setting.of(texts[index]);
    if (setting == null) {
      throw QmpException.generic("can't parse: \"" + texts[index] + "\"");
    }
    OptionName option = option(setting.group);
    if (WITHOUT_SET.contains(setting.group)) {
      throw QmpException.generic("-set is not supported with " + setting.group);
    }
    for (int i = 1; i < index - 1; i++) {
      boolean same = texts[i - 1].startsWith("-") && option == OptionName.find(texts[i - 1]);
      if (same && setting.id.equals(id(texts[i]))) {
        texts[i] = texts[i] + "," + setting.key + "=" + escaped(setting.value);
        return;
      }
    }
    throw QmpException.generic("there is no " + setting.group + " \"" + setting.id + "\" defined");
  }

  private static @Nullable String id(String text) {
    try {
      return text.startsWith("{") ? null : ANY.parse(text, warning -> {}).id();
    } catch (QmpException told) {
      // When its own turn comes.
      return null;
    }
  }
}
