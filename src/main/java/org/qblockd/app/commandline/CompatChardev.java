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
public final class CompatChardev {
  private static final List<String> PLAIN =
      List.of("null", "pty", "msmouse", "wctablet", "braille", "testdev", "stdio");
  private static final String[] TCP = {"tcp", "telnet", "tn3270", "websocket"};
  private static final int MAX_HOST = 64;
  private static final int MAX_PORT = 32;
  private static final int MAX_DIGITS = 8;

  private CompatChardev() {}

  /** The device, or null for a form that has no sentence of its own to blame it. */
  public static @Nullable ChardevOptions parse(String id, String text) throws QmpException {
    if (!text.startsWith("mon:")) {
      return parseOne(id, text);
    }
    ChardevOptions device = parseOne(id, text.substring(4));
    if (device == null) {
      return null;
    }
    List<Option> options = new ArrayList<>(device.options().options());
    options.add(new Option("mux", "on"));
    return new ChardevOptions(id, new Parsed(id, List.copyOf(options), false));
  }

  private static @Nullable ChardevOptions parseOne(String id, String text) throws QmpException {
    for (String scheme : TCP) {
      if (text.startsWith(scheme + ":")) {
        return tcp(id, text.substring(scheme.length() + 1), scheme);
      }
    }
    if (text.startsWith("unix:")) {
      return device(id, "socket", socketOptions("path", text.substring(5)));
    }
    if (PLAIN.contains(text)) {
      return device(id, text, List.of());
    }
    for (String scheme : new String[] {"file", "pipe", "pty"}) {
      if (text.startsWith(scheme + ":")) {
        String path = text.substring(scheme.length() + 1);
        return device(id, scheme, List.of(new Option("path", path)));
      }
    }
    if (text.startsWith("udp:")) {
      return udp(id, text.substring(4));
    }
    if (text.equals("vc") || text.startsWith("vc:")) {
      return console(id, text.substring(Math.min(3, text.length())));
    }
    if (text.startsWith("/dev/parport") || text.startsWith("/dev/ppi")) {
      return device(id, "parallel", List.of(new Option("path", text)));
    }
    if (text.startsWith("/dev/")) {
      return device(id, "serial", List.of(new Option("path", text)));
    }
    throw QmpException.generic("'" + text + "' is not a valid char driver");
  }

  private static @Nullable ChardevOptions tcp(String id, String text, String scheme)
      throws QmpException {
    int comma = text.indexOf(',', Math.max(text.indexOf(':'), 0));
    int end = comma < 0 ? text.length() : comma;
    List<Option> options = new ArrayList<>();
    if (!address(text.substring(0, end), "host", "port", options)) {
      return null;
    }
    if (!scheme.equals("tcp")) {
      options.add(new Option(scheme, "on"));
    }
    if (comma >= 0) {
      options.addAll(socketOptions(null, text.substring(comma + 1)));
    }
    return device(id, "socket", options);
  }

  private static @Nullable ChardevOptions udp(String id, String text) {
    int at = text.indexOf('@');
    List<Option> options = new ArrayList<>();
    boolean good = address(at < 0 ? text : text.substring(0, at), "host", "port", options);
    if (good && at >= 0) {
      good = address(text.substring(at + 1), "localaddr", "localport", options);
    }
    return good ? device(id, "udp", options) : null;
  }

  private static boolean address(String text, String host, String port, List<Option> options) {
    int colon = text.indexOf(':');
    boolean good =
        colon >= 0
            && colon <= MAX_HOST
            && colon + 1 < text.length()
            && text.length() - colon - 1 <= MAX_PORT;
    if (good) {
      options.add(new Option(host, text.substring(0, colon)));
      options.add(new Option(port, text.substring(colon + 1)));
    }
    return good;
  }

  /** The size in pixels, {@code 800x600}, or in characters, {@code 80Cx24C}. */
  private static @Nullable ChardevOptions console(String id, String size) {
    if (size.isEmpty()) {
      return device(id, "vc", List.of());
    }
    int cross = size.indexOf('x');
    if (cross < 0) {
      return null;
    }
    String width = size.substring(0, cross);
    String height = size.substring(cross + 1);
    boolean inCharacters = width.endsWith("C");
    String first = inCharacters ? width.substring(0, width.length() - 1) : width;
    String second = digits(height);
    if (first.isEmpty() || !digits(first).equals(first) || second.isEmpty()) {
      return null;
    }
    return device(
        id,
        "vc",
        List.of(
            new Option(inCharacters ? "cols" : "width", first),
            new Option(inCharacters ? "rows" : "height", second)));
  }

  private static String digits(String text) {
    int end = 0;
    while (end < text.length()
        && end < MAX_DIGITS
        && text.charAt(end) >= '0'
        && text.charAt(end) <= '9') {
      end++;
    }
    return text.substring(0, end);
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
