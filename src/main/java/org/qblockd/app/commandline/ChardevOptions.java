// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.CharKinds;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Kind;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevBackend;

/**
 * A character device as an option describes it; {@link #backend} tells what it means.
 *
 * <p>Immutable; any thread.
 *
 * @param id its id, or null
 */
public record ChardevOptions(@Nullable String id, Parsed options) {
  private static final String[] TEXTS = {
    "backend",
    "path",
    "input-path",
    "host",
    "port",
    "fd",
    "localaddr",
    "localport",
    "tls-creds",
    "tls-authz",
    "name",
    "chardev",
    "logfile",
    "chardevs.0",
    "chardevs.1",
    "chardevs.2",
    "chardevs.3"
  };
  private static final String[] SWITCHES = {
    "ipv4",
    "ipv6",
    "wait",
    "server",
    "delay",
    "nodelay",
    "telnet",
    "tn3270",
    "websocket",
    "mux",
    "signal",
    "append",
    "logappend",
    "mouse",
    "clipboard",
    "tight",
    "abstract"
  };
  private static final String[] NUMBERS = {
    "to", "reconnect", "reconnect-ms", "width", "height", "cols", "rows", "debug"
  };

  /** The parser of {@code -chardev}. */
  static OptsParser parser(@Nullable String impliedKey) {
    Map<String, Kind> known = new HashMap<>();
    put(known, Kind.STRING, TEXTS);
    put(known, Kind.BOOL, SWITCHES);
    put(known, Kind.NUMBER, NUMBERS);
    known.put("size", Kind.SIZE);
    return OptsParser.of(impliedKey, known);
  }

  private static void put(Map<String, Kind> known, Kind kind, String[] names) {
    for (String name : names) {
      known.put(name, kind);
    }
  }

  /**
   * A character device of the storage daemon.
   *
   * @param warnings takes sentences about deprecated spellings
   */
  public static ChardevOptions read(String text, Consumer<String> warnings)
      throws QmpException, HelpException {
    ChardevOptions read = readPlain(text, warnings);
    answerHelp(read.options);
    return read;
  }

  /** {@link #read} where the word help has no meaning of its own. */
  public static ChardevOptions readPlain(String text, Consumer<String> warnings)
      throws QmpException {
    Parsed parsed = parser("backend").parse(text, warnings);
    return new ChardevOptions(parsed.id(), parsed);
  }

  /** What the options mean. */
  public ChardevBackend backend() throws QmpException {
    String kind = options.get("backend");
    if (id == null) {
      throw QmpException.generic("chardev: no id specified");
    }
    if (kind == null) {
      throw QmpException.generic("chardev: \"" + id + "\" missing backend");
    }
    return ChardevReader.read(kind, options);
  }

  /** Whether several front ends are to share it. */
  public boolean shared() throws QmpException {
    return options.flag("mux", false);
  }

  /** The kinds of back ends, as {@code -chardev help} lists them. */
  static HelpException kinds() {
    StringBuilder text = new StringBuilder("Available chardev backend types: ");
    for (String kind : CharKinds.inHelp()) {
      text.append("\n  ").append(kind);
    }
    return new HelpException(text.toString());
  }

  /** All options of all kinds, as {@code -chardev KIND,help} lists them. */
  static HelpException optionList() {
    Set<String> lines = new TreeSet<>();
    add(lines, "=<str>", TEXTS);
    add(lines, "=<bool (on/off)>", SWITCHES);
    add(lines, "=<num>", NUMBERS);
    lines.add("size=<size>");
    return new HelpException("chardev options:\n  " + String.join("\n  ", lines), 1);
  }

  private static void add(Set<String> lines, String type, String[] names) {
    for (String name : names) {
      lines.add(name + type);
    }
  }

  /** Answers when the options ask for help. */
  static void answerHelp(Parsed parsed) throws HelpException {
    String kind = parsed.get("backend");
    if (parsed.help()) {
      throw optionList();
    }
    if ("help".equals(kind) || "?".equals(kind)) {
      throw kinds();
    }
  }
}
