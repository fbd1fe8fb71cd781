// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.MemberOrder;

/**
 * Parses option strings such as {@code driver=qcow2,file.filename=a,,b.img} into a tree: dots nest,
 * numbers between dots index lists, a doubled comma is a comma. All scalars are strings. The parser
 * of {@code -blockdev}, {@code -object}, {@code -machine} and others. Confined to one thread.
 */
public final class Keyval {
  /** Longest part of a key between dots. */
  private static final int MAX_FRAGMENT = 127;

  private final String text;
  private final Map<String, Object> root = new LinkedHashMap<>();
  private boolean help;
  private int position;

  private Keyval(String text) {
    this.text = text;
  }

  /** A parsed string, and whether {@code help} or {@code ?} was among the keys. */
  public record Options(JsonObject tree, boolean help) {}

  /**
   * Parses a string for an option that offers help.
   *
   * @param impliedKey the key of a first value without one, or null
   */
  public static Options parseWithHelp(String text, @Nullable String impliedKey)
      throws QmpException {
    Keyval parser = new Keyval(text);
    parser.all(impliedKey);
    return new Options(parser.tree(), parser.help);
  }

  /** Parses a string for an option without help. */
  public static JsonObject parse(String text, @Nullable String impliedKey) throws QmpException {
    Keyval parser = new Keyval(text);
    parser.all(impliedKey);
    if (parser.help) {
      throw QmpException.generic("Help is not available for this option");
    }
    return parser.tree();
  }

  /**
   * Parses a string for those who only need texts: the last value of each key, dots and all; the
   * key {@code help} stands for a request for help.
   */
  public static Map<String, String> flat(String text, @Nullable String impliedKey)
      throws QmpException {
    Options options = parseWithHelp(text, impliedKey);
    Map<String, String> flat = new LinkedHashMap<>();
    if (options.help()) {
      flat.put("help", "");
    }
    flatten(options.tree(), "", flat);
    return flat;
  }

  private static void flatten(JsonValue value, String name, Map<String, String> into) {
    // No switch over types: this is on the way of each start, and the first one is slow.
    if (value instanceof JsonObject object) {
      String dot = name.isEmpty() ? "" : name + ".";
      for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
        flatten(member.getValue(), dot + member.getKey(), into);
      }
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.items().size(); i++) {
        flatten(array.items().get(i), name + "." + i, into);
      }
    } else {
      into.put(name, value instanceof JsonString text ? text.value() : "");
    }
  }

  /** A visitor over JSON, when the string starts with a brace, or over key and value pairs. */
  public static InputVisitor visitor(String text, @Nullable String impliedKey) throws QmpException {
    if (!text.startsWith("{")) {
      return InputVisitor.keyval(parse(text, impliedKey));
    }
    try {
      return InputVisitor.strict(JsonStream.parse(text));
    } catch (JsonSyntaxException e) {
      throw new QmpException(ErrorClass.GENERIC_ERROR, e.description(), e);
    }
  }

  private void all(@Nullable String impliedKey) throws QmpException {
    String implied = impliedKey;
    while (position < text.length()) {
      one(implied);
      implied = null;
    }
  }

  private JsonObject tree() throws QmpException {
    JsonValue tree = listify(root, "");
    if (!(tree instanceof JsonObject object)) {
      throw new IllegalStateException("the root is a list");
    }
    return object;
  }

  /** Takes one pair. */
  private void one(@Nullable String impliedKey) throws QmpException {
    int start = position;
    int end = start;
    while (end < text.length() && text.charAt(end) != '=' && text.charAt(end) != ',') {
      end++;
    }
    String key = text.substring(start, end);
    boolean valueFollows = end < text.length() && text.charAt(end) == '=';
    if (!key.isEmpty() && !valueFollows) {
      if (key.equals("help") || key.equals("?")) {
        help = true;
        position = Math.min(end + 1, text.length());
        return;
      }
      if (impliedKey != null) {
        // A comma cannot be doubled in a value without a key.
        position = Math.min(end + 1, text.length());
        put(root, impliedKey, key, impliedKey);
        return;
      }
    }
    position = end;
    keyAndValue(key, valueFollows);
  }

  private void keyAndValue(String key, boolean valueFollows) throws QmpException {
    Map<String, Object> current = root;
    String fragment = "";
    int at = 0;
    while (true) {
      String next = fragment(key, at);
      if (at > 0) {
        current = descend(current, fragment, key.substring(0, at));
      }
      fragment = next;
      at += next.length();
      if (at >= key.length() || key.charAt(at) != '.') {
        finish(current, fragment, key, valueFollows);
        return;
      }
      at++;
    }
  }

  private static String fragment(String key, int at) throws QmpException {
    int length = fragmentLength(key, at);
    int end = at + length;
    if (length <= 0 || end < key.length() && key.charAt(end) != '.') {
      throw QmpException.generic("Invalid parameter '" + key + "'");
    }
    String fragment = key.substring(at, end);
    if (length > MAX_FRAGMENT) {
      boolean part = at != 0 || length != key.length();
      throw QmpException.generic(
          "Parameter" + (part ? " fragment" : "") + " '" + fragment + "' is too long");
    }
    return fragment;
  }

  private void finish(
      Map<String, Object> current, String fragment, String key, boolean valueFollows)
      throws QmpException {
    if (!valueFollows) {
      throw QmpException.generic("Expected '=' after parameter '" + key + "'");
    }
    position++;
    put(current, fragment, OptsParser.value(text, position), key);
    position = OptsParser.endOfValue(text, position);
    position = Math.min(position + 1, text.length());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> descend(Map<String, Object> map, String fragment, String soFar)
      throws QmpException {
    Object child = map.computeIfAbsent(fragment, f -> new LinkedHashMap<String, Object>());
    if (child instanceof Map<?, ?>) {
      return (Map<String, Object>) child;
    }
    throw inconsistent(soFar);
  }

  private static void put(Map<String, Object> map, String fragment, String value, String key)
      throws QmpException {
    if (map.get(fragment) instanceof Map<?, ?>) {
      throw inconsistent(key + ".");
    }
    map.put(fragment, value);
  }

  private static QmpException inconsistent(String prefix) {
    return QmpException.generic("Parameters '" + prefix + "*' used inconsistently");
  }

  /** How much from {@code at} is an index (not at the start) or a QAPI name; 0 if nothing. */
  private static int fragmentLength(String key, int at) {
    int end = at;
    while (end < key.length() && isDigit(key.charAt(end))) {
      end++;
    }
    if (at > 0 && end > at) {
      return end - at;
    }
    end = afterVendor(key, at);
    if (end < 0 || end >= key.length() || !isLetter(key.charAt(end))) {
      return 0;
    }
    while (end < key.length() && isNamePart(key.charAt(end))) {
      end++;
    }
    return end - at;
  }

  /** The position behind a vendor prefix such as {@code __com.example_}; -1 if it is broken. */
  private static int afterVendor(String key, int at) {
    if (at >= key.length() || key.charAt(at) != '_') {
      return at;
    }
    if (!key.startsWith("__", at)) {
      return -1;
    }
    int end = at + 2;
    while (end < key.length() && key.charAt(end) != '_') {
      char c = key.charAt(end);
      if (!isLetter(c) && !isDigit(c) && c != '-' && c != '.') {
        return -1;
      }
      end++;
    }
    return end + 1;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isNamePart(char c) {
    return isLetter(c) || isDigit(c) || c == '-' || c == '_';
  }

  /** Makes JSON of nested maps; those whose keys are all numbers become arrays. */
  private static JsonValue listify(Map<?, ?> map, String prefix) throws QmpException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Object key : map.keySet()) {
      members.put(String.valueOf(key), JsonNull.NULL);
    }
    int indexes = 0;
    for (String key : MemberOrder.names(new JsonObject(members))) {
      indexes += isDigit(key.charAt(0)) ? 1 : 0;
      Object value = map.get(key);
      members.put(
          key,
          value instanceof Map<?, ?> nested
              ? listify(nested, prefix + key + ".")
              : new JsonString(String.valueOf(value)));
    }
    if (indexes == 0) {
      return new JsonObject(members);
    }
    if (indexes < members.size()) {
      throw inconsistent(prefix);
    }
    return array(members, prefix);
  }

  private static JsonArray array(Map<String, JsonValue> members, String prefix)
      throws QmpException {
    int max = -1;
    @Nullable JsonValue[] found = new @Nullable JsonValue[members.size()];
    for (Map.Entry<String, JsonValue> entry : members.entrySet()) {
      int index = index(entry.getKey());
      max = Math.max(max, index);
      if (index < found.length) {
        found[index] = entry.getValue();
      }
    }
    List<JsonValue> items = new ArrayList<>();
    for (int i = 0; i <= max; i++) {
      JsonValue item = i < found.length ? found[i] : null;
      if (item == null) {
        throw QmpException.generic("Parameter '" + prefix + i + "' missing");
      }
      items.add(item);
    }
    return new JsonArray(items);
  }

  /** An index; what is too large for a list counts as the largest. */
  private static int index(String digits) {
    long value = 0;
    for (int i = 0; i < digits.length() && value < Integer.MAX_VALUE; i++) {
      value = value * 10 + (digits.charAt(i) - '0');
    }
    return (int) Math.min(value, Integer.MAX_VALUE - 1);
  }
}
