// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the older option strings, as {@code socket,id=m,path=/run/x,server=on,wait=off}: a flat
 * list in which a key alone is a switch. The parser of {@code -drive}, {@code -chardev}, {@code
 * -mon}, {@code -name}. Immutable; any thread.
 */
public final class OptsParser {
  private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z][a-zA-Z0-9._-]*");
  private static final String ID = "id";
  private static final String ID_HINT =
      "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.";
  private static final String SIZE_HINT =
      """
      Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
      and exabytes, respectively.\
      """;

  /** What a value must look like. */
  public enum Kind {
    STRING,
    BOOL,
    NUMBER,
    SIZE
  }

  /** A key and its value, in the order given. */
  public record Option(String name, String value) {}

  /**
   * A parsed string.
   *
   * @param id the value of {@code id}, or null
   * @param help whether {@code help} or {@code ?} was among the keys; what came after is not parsed
   */
  public record Parsed(@Nullable String id, List<Option> options, boolean help) {

    /** The value of the last option with this name, or null. */
    public @Nullable String get(String name) {
      String value = null;
      for (Option option : options) {
        if (option.name().equals(name)) {
          value = option.value();
        }
      }
      return value;
    }

    /**
     * A visitor over the options.
     *
     * @param lists names of those that may be repeated, each a number or a range {@code 3-5}
     */
    public InputVisitor visitor(Set<String> lists) throws QmpException {
      return OptsTree.visitor(this, lists);
    }

    /**
     * A visitor over the options.
     *
     * @param lists names of those that may be repeated; each makes a list of objects with the
     *     member {@code str}
     */
    public InputVisitor visitorOfTexts(Set<String> lists) {
      return OptsTree.visitorOfTexts(this, lists);
    }

    /** A switch; the parser has checked its value if its kind was given. */
    public boolean flag(String name, boolean otherwise) throws QmpException {
      String value = get(name);
      if (value == null) {
        return otherwise;
      }
      return bool(name, value);
    }
  }

  private final @Nullable String impliedKey;
  private final Map<String, Kind> known;

  private OptsParser(@Nullable String impliedKey, Map<String, Kind> known) {
    this.impliedKey = impliedKey;
    this.known = known;
  }

  /** A parser for options that are checked later. */
  public static OptsParser acceptingAny(@Nullable String impliedKey) {
    return new OptsParser(impliedKey, Map.of());
  }

  /** A parser for these options and no others; {@code id} is always allowed. */
  public static OptsParser of(@Nullable String impliedKey, Map<String, Kind> known) {
    return new OptsParser(impliedKey, Map.copyOf(known));
  }

  /**
   * Parses a string. The caller checks that the id is new among its kind.
   *
   * @param warnings takes what to print about deprecated spellings, also when an error follows; of
   *     each pair of lines the first one wants the usual prefix of messages
   */
  public Parsed parse(String text, Consumer<String> warnings) throws QmpException {
    checkId(text);
    List<Option> options = new ArrayList<>();
    String id = null;
    String implied = impliedKey;
    int position = 0;
    while (position < text.length()) {
      Pair pair = pair(text, position, implied);
      implied = null;
      position = pair.next();
      if (isHelp(pair)) {
        return new Parsed(id, options, true);
      }
      warn(pair, warnings);
      if (!pair.name().equals(ID)) {
        options.add(new Option(pair.name(), checked(pair.name(), pair.value())));
      } else if (id == null) {
        id = pair.value();
      }
    }
    return new Parsed(id, options, false);
  }

  /** One pair, how a switch was spelled, and where the next pair starts. */
  private record Pair(String name, String value, @Nullable String flag, int next) {}

  private static Pair pair(String text, int start, @Nullable String implied) {
    int end = start;
    while (end < text.length() && text.charAt(end) != '=' && text.charAt(end) != ',') {
      end++;
    }
    if (end < text.length() && text.charAt(end) == '=') {
      int next = Math.min(endOfValue(text, end + 1) + 1, text.length());
      return new Pair(text.substring(start, end), value(text, end + 1), null, next);
    }
    if (implied != null) {
      int next = Math.min(endOfValue(text, start) + 1, text.length());
      return new Pair(implied, value(text, start), null, next);
    }
    String name = text.substring(start, end);
    int next = Math.min(end + 1, text.length());
    if (name.equals("nodelay") || name.equals("delay")) {
      return new Pair("nodelay", name.equals("delay") ? "off" : "on", name, next);
    }
    return name.startsWith("no")
        ? new Pair(name.substring(2), "off", name, next)
        : new Pair(name, "on", name, next);
  }

  private static boolean isHelp(Pair pair) {
    return "help".equals(pair.flag()) || "?".equals(pair.flag());
  }

  private static void warn(Pair pair, Consumer<String> warnings) {
    if (pair.flag() != null) {
      warnings.accept("warning: short-form boolean option '" + pair.flag() + "' deprecated");
      warnings.accept("Please use " + pair.name() + "=" + pair.value() + " instead");
    }
  }

  /** The first id counts, and is looked at before anything else. */
  private static void checkId(String text) throws QmpException {
    int position = 0;
    while (position < text.length()) {
      Pair pair = pair(text, position, null);
      position = pair.next();
      if (pair.name().equals(ID)) {
        if (!isIdentifier(pair.value())) {
          throw QmpException.withHint("Parameter 'id' expects an identifier", ID_HINT);
        }
        return;
      }
    }
  }

  /** Whether a text may be the id of an object, a device or a node. */
  public static boolean isIdentifier(String text) {
    return IDENTIFIER.matcher(text).matches();
  }

  private String checked(String name, String value) throws QmpException {
    Kind kind = known.isEmpty() ? Kind.STRING : known.get(name);
    if (kind == null) {
      throw QmpException.generic("Invalid parameter '" + name + "'");
    }
    switch (kind) {
      case STRING -> {}
      case BOOL -> bool(name, value);
      case NUMBER -> number(name, value);
      case SIZE -> size(name, value);
    }
    return value;
  }

  /** A switch. */
  public static boolean bool(String name, String value) throws QmpException {
    return switch (value) {
      case "on", "yes", "true", "y" -> true;
      case "off", "no", "false", "n" -> false;
      default -> throw QmpException.generic("Parameter '" + name + "' expects 'on' or 'off'");
    };
  }

  /** An unsigned number of 64 bits in two's complement. */
  public static long number(String name, String value) throws QmpException {
    OptionalLong number = NumberText.unsigned(value);
    if (number.isPresent()) {
      return number.getAsLong();
    }
    throw QmpException.generic(
        NumberText.isInteger(value)
            ? "Value '" + value + "' is too large for parameter '" + name + "'"
            : "Parameter '" + name + "' expects a number");
  }

  /** A number of bytes. */
  public static long size(String name, String value) throws QmpException {
    OptionalLong size = NumberText.size(value);
    if (size.isPresent()) {
      return size.getAsLong();
    }
    if (NumberText.isSizeOutOfRange(value)) {
      throw QmpException.generic(
          "Value '" + value + "' is out of range for parameter '" + name + "'");
    }
    throw QmpException.withHint(
        "Parameter '" + name + "' expects a non-negative number below 2^64", SIZE_HINT);
  }

  /** The value that starts at {@code start}, with doubled commas made single. */
  static String value(String text, int start) {
    return text.substring(start, endOfValue(text, start)).replace(",,", ",");
  }

  /** Where the value that starts at {@code start} ends: at a single comma or with the text. */
  static int endOfValue(String text, int start) {
    int end = start;
    while (end < text.length()) {
      if (text.charAt(end) == ',') {
        if (!text.startsWith(",,", end)) {
          return end;
        }
        end++;
      }
      end++;
    }
    return end;
  }
}
