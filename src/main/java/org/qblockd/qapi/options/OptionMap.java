// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.options;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QapiObject;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;
import org.qblockd.qapi.json.MemberOrder;
import org.qblockd.qapi.types.BlockdevOptions;

/**
 * Options with dotted names ({@code file.cache.direct}), as QEMU hands them down when it opens
 * nodes. Values keep the type in which they were given, since {@code json:} file names show it.
 * Mutable; confined to one thread.
 */
public final class OptionMap {
  private final Map<String, JsonValue> entries = new LinkedHashMap<>();

  /** No options. */
  public OptionMap() {}

  /** The options of a typed value, nested members with dotted names. */
  public static OptionMap of(QapiObject options) {
    OptionMap map = new OptionMap();
    map.flatten("", options.toJson());
    return map;
  }

  /** Options from a command line or a legacy command; keys may have dots. */
  public static OptionMap ofTexts(Map<String, String> texts) {
    OptionMap map = new OptionMap();
    texts.forEach(map::put);
    return map;
  }

  /**
   * The options that a {@code json:} file name spells.
   *
   * @param json what follows {@code json:}
   */
  public static OptionMap ofJson(String json) throws QmpException {
    JsonValue value;
    try {
      value = JsonStream.parse(json);
    } catch (JsonSyntaxException e) {
      throw new QmpException(
          ErrorClass.GENERIC_ERROR, "Could not parse the JSON options: " + e.description(), e);
    }
    if (!(value instanceof JsonObject object)) {
      throw QmpException.generic("Invalid JSON object given");
    }
    OptionMap map = new OptionMap();
    map.flatten("", object);
    return map;
  }

  /** The options of an argument of the command line that is JSON. */
  public static OptionMap ofArgument(String json) throws QmpException {
    OptionMap map = new OptionMap();
    try {
      map.flatten("", JsonStream.parse(json));
    } catch (JsonSyntaxException e) {
      throw new QmpException(ErrorClass.GENERIC_ERROR, e.description(), e);
    }
    return map;
  }

  private void flatten(String prefix, JsonValue value) {
    // No switch over types here and below: it would make classes at each start with a drive.
    if (value instanceof JsonObject object && (prefix.isEmpty() || !object.members().isEmpty())) {
      String dot = prefix.isEmpty() ? "" : prefix + ".";
      for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
        flatten(dot + member.getKey(), member.getValue());
      }
    } else if (value instanceof JsonArray array && !array.items().isEmpty()) {
      List<JsonValue> items = array.items();
      for (int i = 0; i < items.size(); i++) {
        flatten(prefix + "." + i, items.get(i));
      }
    } else {
      entries.put(prefix, value);
    }
  }

  /** A copy. */
  public OptionMap copy() {
    OptionMap copy = new OptionMap();
    copy.entries.putAll(entries);
    return copy;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The names. */
  public Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  /** The name that QEMU would complain about when nothing may be left; there is one. */
  public String firstName() {
    return MemberOrder.names(new JsonObject(entries)).getFirst();
  }

  /** The names in the order in which QEMU goes through them. */
  public List<String> namesInOrder() {
    return MemberOrder.names(new JsonObject(entries));
  }

  /** Whether both have the option with the same value, of the same type. */
  public boolean sameValue(String name, OptionMap other) {
    return Objects.equals(entries.get(name), other.entries.get(name));
  }

  /** Whether the option is there, whatever its value. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Whether the option is there, or one nested in it. */
  public boolean hasBelow(String name) {
    for (String key : entries.keySet()) {
      if (key.startsWith(name)
          && (key.length() == name.length() || key.charAt(name.length()) == '.')) {
        return true;
      }
    }
    return false;
  }

  /** Whether the option is null. */
  public boolean isNull(String name) {
    return entries.get(name) instanceof JsonNull;
  }

  /** The option's value if it was given as a string, else null. */
  public @Nullable String string(String name) {
    return entries.get(name) instanceof JsonString string ? string.value() : null;
  }

  /** The option's value in the form of a command line; null if it is absent, null or no scalar. */
  public @Nullable String text(String name) {
    JsonValue value = entries.get(name);
    return value == null ? null : textOf(value);
  }

  private static @Nullable String textOf(JsonValue value) {
    if (value instanceof JsonString string) {
      return string.value();
    }
    if (value instanceof JsonBool bool) {
      return bool.value() ? "on" : "off";
    }
    if (value instanceof JsonInteger integer) {
      return integer.unsigned()
          ? Long.toUnsignedString(integer.value())
          : Long.toString(integer.value());
    }
    return value instanceof JsonDouble number ? JsonWriter.toText(number) : null;
  }

  /** Sets an option. */
  public void put(String name, String value) {
    entries.put(name, new JsonString(value));
  }

  /** Sets a switch, as a command line spells it. */
  public void putSwitch(String name, boolean on) {
    put(name, on ? "on" : "off");
  }

  /**
   * Sets an option to null: {@code backing} for an overlay to be opened without its backing file.
   */
  public void putNull(String name) {
    entries.put(name, JsonNull.NULL);
  }

  /** Sets an option unless it is there. */
  public void putDefault(String name, String value) {
    entries.putIfAbsent(name, new JsonString(value));
  }

  /** Takes over an option from {@code other} unless it is here already or not there. */
  public void putDefault(String name, OptionMap other) {
    JsonValue value = other.entries.get(name);
    if (value != null) {
      entries.putIfAbsent(name, value);
    }
  }

  /** Adds the options of {@code other} that are not here. */
  public void putDefaults(OptionMap other) {
    other.entries.forEach(entries::putIfAbsent);
  }

  /** Takes over an option from {@code other} under another name. */
  public void putRenamed(String name, OptionMap other, String otherName) {
    JsonValue value = other.entries.get(otherName);
    if (value != null) {
      entries.put(name, value);
    }
  }

  /** Removes an option. */
  public void remove(String name) {
    entries.remove(name);
  }

  /** Removes the options whose names begin with {@code prefix} and gives them without it. */
  public OptionMap takeBelow(String prefix) {
    OptionMap below = new OptionMap();
    entries.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        below.entries.put(name.substring(prefix.length()), value);
      }
    });
    entries.keySet().removeIf(name -> name.startsWith(prefix));
    return below;
  }

  /** The typed form of these options; all names must be members of {@code driver}'s branch. */
  public BlockdevOptions typed(String driver) throws QmpException {
    OptionTree tree = new OptionTree();
    tree.put("driver", new JsonString(driver));
    for (Map.Entry<String, JsonValue> entry : entries.entrySet()) {
      String text = textOf(entry.getValue());
      if (text != null) {
        tree.put(entry.getKey(), new JsonString(text));
      }
    }
    return BlockdevOptions.decode(InputVisitor.keyval(tree.toObject()), null);
  }

  /**
   * Adds the options with these names to {@code target}; a name that ends in a dot is a prefix. The
   * last comes first: QEMU's dictionaries turn the order round where hashes collide.
   */
  public boolean copyTo(FullOptions target, Collection<String> names) {
    boolean any = false;
    for (Map.Entry<String, JsonValue> entry : List.copyOf(entries.entrySet()).reversed()) {
      String key = entry.getKey();
      if (names.stream().anyMatch(n -> n.endsWith(".") ? key.startsWith(n) : key.equals(n))) {
        target.put(key, entry.getValue());
        any = true;
      }
    }
    return any;
  }

  @Override
  public String toString() {
    return JsonWriter.toText(new JsonObject(entries));
  }
}
