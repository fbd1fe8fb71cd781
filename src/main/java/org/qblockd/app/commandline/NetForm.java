// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.net.NetKinds;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Option;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.Netdev;

/** Reads {@code -netdev}, {@code -nic} and {@code -net}. Main thread. */
final class NetForm {
  private static final String TYPE = "type";
  private static final OptsParser PARSER = OptsParser.acceptingAny(TYPE);

  /** Options that may be repeated. */
  private static final Set<String> LISTS = Set.of("dnssearch", "hostfwd", "guestfwd");

  /** What is said about the adapter of {@code -nic}. */
  private static final Set<String> ADAPTER = Set.of("mac", "macaddr", "model", "addr", "vectors");

  private final OptionReader reader;
  private final Set<String> ids = new HashSet<>();

  NetForm(OptionReader reader) {
    this.reader = reader;
  }

  /** Reads one option; null when it asks for nothing. */
  @Nullable NetOption read(OptionName option, String argument) throws QmpException, HelpException {
    if (option == OptionName.NETDEV && (argument.startsWith("{") || isModern(argument))) {
      return new NetOption(Netdev.decode(Keyval.visitor(argument, TYPE), null), false, null);
    }
    Parsed parsed = reader.parse(PARSER, argument);
    String type = parsed.get(TYPE);
    boolean help = parsed.help() || "help".equals(type) || "?".equals(type);
    if (help && option != OptionName.NET) {
      throw new HelpException("Available netdev backend types:\n" + list());
    }
    claim(option, parsed.id());
    return switch (option) {
      case NIC -> adapter(parsed, type);
      case NET -> old(parsed, type);
      default -> new NetOption(Netdev.decode(visited(parsed, null, Set.of()), null), false, null);
    };
  }

  private static boolean isModern(String argument) throws QmpException {
    if (argument.isEmpty()) {
      return false;
    }
    String type = Keyval.flat(argument, TYPE).get(TYPE);
    return "stream".equals(type) || "dgram".equals(type);
  }

  private void claim(OptionName option, @Nullable String id) throws QmpException {
    if (id != null && !ids.add(option + " " + id)) {
      String group =
          option == OptionName.NETDEV ? "netdev" : option == OptionName.NIC ? "nic" : "net";
      throw QmpException.generic("Duplicate ID '" + id + "' for " + group);
    }
  }

  private static @Nullable NetOption adapter(Parsed parsed, @Nullable String type)
      throws QmpException {
    if ("none".equals(type)) {
      return null;
    }
    String mac = parsed.get("mac");
    if (mac != null && !mac.matches("([0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2}")) {
      throw QmpException.generic("invalid syntax for ethernet address");
    }
    return new NetOption(Netdev.decode(visited(parsed, "", ADAPTER), null), false, null);
  }

  private static @Nullable NetOption old(Parsed parsed, @Nullable String type) throws QmpException {
    if ("none".equals(type)) {
      return null;
    }
    if ("hubport".equals(type)) {
      throw QmpException.generic("Parameter 'type' does not accept value 'hubport'");
    }
    Netdev netdev = Netdev.decode(visited(parsed, "", Set.of()), null);
    if (netdev instanceof Netdev.Nic nic) {
      String needed = nic.data().netdev().orElse(null);
      return new NetOption(null, needed == null, needed);
    }
    return new NetOption(netdev, true, null);
  }

  private static InputVisitor visited(Parsed parsed, @Nullable String id, Set<String> without)
      throws QmpException {
    List<Option> kept = new ArrayList<>();
    for (Option option : parsed.options()) {
      if (!without.contains(option.name())) {
        kept.add(option);
      }
    }
    String named = parsed.id() == null ? id : parsed.id();
    return new Parsed(named, kept, false).visitorOfTexts(LISTS);
  }

  private static String list() {
    return String.join("\n", NetKinds.listed());
  }
}
