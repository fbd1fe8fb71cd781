// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser.Option;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/**
 * Reads the short form of a character device, as {@code unix:/run/x,server=on} of {@code -qmp}.
 * Stateless; any thread.
 */
final class CompatChardev {
  private static final List<String> PLAIN =
      List.of("null", "pty", "msmouse", "wctablet", "braille", "testdev", "stdio");

  private CompatChardev() {}

  /** The device, or null for a form that has no sentence of its own to blame it. */
  static @Nullable ChardevOptions parse(String id, String text) throws QmpException {
    String rest = text.startsWith("mon:") ? text.substring(4) : text;
    if (PLAIN.contains(rest)) {
      return device(id, rest, List.of());
    }
    if (rest.startsWith("tcp:") || rest.startsWith("telnet:")) {
      return tcp(id, rest.substring(rest.indexOf(':') + 1), rest.startsWith("telnet:"));
    }
    if (rest.startsWith("unix:")) {
      return device(id, "socket", socketOptions("path", rest.substring(5)));
    }
    if (rest.startsWith("file:") || rest.startsWith("pipe:")) {
      return device(id, rest.substring(0, 4), List.of(new Option("path", rest.substring(5))));
    }
    if (rest.startsWith("udp:")) {
      return rest.indexOf(':', 4) < 0 ? null : device(id, "udp", List.of());
    }
    if (rest.equals("vc") || rest.startsWith("vc:")) {
      return device(id, "vc", List.of());
    }
    throw QmpException.generic("'" + rest + "' is not a valid char driver");
  }

  private static @Nullable ChardevOptions tcp(String id, String text, boolean telnet)
      throws QmpException {
    int colon = text.indexOf(':');
    int comma = text.indexOf(',', colon);
    int end = comma < 0 ? text.length() : comma;
    if (colon < 0 || colon + 1 >= end || colon > 64 || end - colon - 1 > 32) {
      return null;
    }
    List<Option> options = new ArrayList<>();
    options.add(new Option("host", text.substring(0, colon)));
    options.add(new Option("port", text.substring(colon + 1, end)));
    if (telnet) {
      options.add(new Option("telnet", "on"));
    }
    if (comma >= 0) {
      options.addAll(socketOptions(null, text.substring(comma + 1)));
    }
    return device(id, "socket", options);
  }

  /** No warnings about short switches here: {@code server,nowait} is how this form is written. */
  private static List<Option> socketOptions(@Nullable String implied, String text)
      throws QmpException {
    return ChardevOptions.parser(implied).parse(text, warning -> {}).options();
  }

  private static ChardevOptions device(String id, String backend, List<Option> options) {
    List<Option> all = new ArrayList<>();
    all.add(new Option("backend", backend));
    all.addAll(options);
    return new ChardevOptions(id, new Parsed(id, List.copyOf(all), false));
  }
}
