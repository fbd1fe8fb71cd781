// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.MemberOrder;

/**
 * Walks a JSON tree in the order in which generated decoders ask, and reports the first thing that
 * does not fit in QEMU's words. Confined to the thread that decodes.
 *
 * <p>Names given to methods are those of members; null stands for an element of a list and for the
 * root. Two kinds of trees are read: strict ones from JSON text, and those of {@link Keyval} where
 * every scalar is a string. After an error the visitor is of no further use.
 */
public final class InputVisitor {
  private static final String ANONYMOUS = "<anonymous>";

  /** An object or array that is being visited. */
  private static final class Frame {
    final @Nullable Frame parent;
    final @Nullable String name;
    final @Nullable JsonObject object;
    final List<JsonValue> items;
    final LinkedHashSet<String> visited = new LinkedHashSet<>();
    int index = -1;

    Frame(@Nullable Frame parent, @Nullable String name, JsonValue value) {
      this.parent = parent;
      this.name = name;
      this.object = value instanceof JsonObject o ? o : null;
      this.items = value instanceof JsonArray array ? array.items() : List.of();
    }
  }

  private final JsonValue root;
  private final boolean keyval;

  /** Whether errors are told as for the older option strings. */
  private final boolean flat;

  private @Nullable Frame top;

  private InputVisitor(JsonValue root, boolean keyval, boolean flat) {
    this.root = root;
    this.keyval = keyval;
    this.flat = flat;
  }

  /** A visitor over a tree from JSON text. */
  public static InputVisitor strict(JsonValue root) {
    return new InputVisitor(root, false, false);
  }

  /** A visitor over a tree that {@link Keyval} made. */
  public static InputVisitor keyval(JsonObject root) {
    return new InputVisitor(root, true, false);
  }

  /** A visitor over options that {@link OptsParser} has read. */
  static InputVisitor flat(JsonObject root) {
    return new InputVisitor(root, true, true);
  }

  /** Enters an object. */
  public void startStruct(@Nullable String name) throws QmpException {
    JsonValue value = take(name);
    if (!(value instanceof JsonObject)) {
      throw wrongType(name, "object");
    }
    top = new Frame(top, name, value);
  }

  /** Leaves an object; members that nobody asked for are an error. */
  public void endStruct() throws QmpException {
    Frame frame = frame();
    JsonObject object = frame.object;
    if (object != null && frame.visited.size() < object.members().size()) {
      String key = UnvisitedKeys.first(MemberOrder.names(object), frame.visited);
      throw QmpException.generic(
          flat
              ? "Invalid parameter '" + key + "'"
              : "Parameter '" + fullName(key) + "' is unexpected");
    }
    top = frame.parent;
  }

  /** Enters an array. */
  public void startList(@Nullable String name) throws QmpException {
    JsonValue value = take(name);
    if (!(value instanceof JsonArray)) {
      throw wrongType(name, "array");
    }
    top = new Frame(top, name, value);
  }

  /** Whether the array has one more element, which is the next that a method takes. */
  public boolean more() {
    Frame frame = frame();
    return frame.index + 1 < frame.items.size();
  }

  /** Leaves an array. */
  public void endList() {
    top = frame().parent;
  }

  /** Whether an optional member is there. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /** The value of an alternate, which stays the next to be taken. */
  public JsonValue peek(@Nullable String name) throws QmpException {
    JsonValue value = find(name);
    if (value == null) {
      throw missing(name);
    }
    return value;
  }

  /** A string. */
  public String string(@Nullable String name) throws QmpException {
    if (keyval) {
      return scalar(name);
    }
    if (take(name) instanceof JsonString string) {
      return string.value();
    }
    throw wrongType(name, "string");
  }

  /** A boolean. */
  public boolean bool(@Nullable String name) throws QmpException {
    if (!keyval) {
      if (take(name) instanceof JsonBool bool) {
        return bool.value();
      }
      throw wrongType(name, "boolean");
    }
    return switch (scalar(name)) {
      case "on", "yes", "true", "y" -> true;
      case "off", "no", "false", "n" -> false;
      default -> throw badValue(fullName(name), "'on' or 'off'");
    };
  }

  /** A number. */
  public double number(@Nullable String name) throws QmpException {
    if (keyval) {
      OptionalDouble value = NumberText.finite(scalar(name));
      if (value.isEmpty()) {
        throw wrongType(name, "number");
      }
      return value.getAsDouble();
    }
    JsonValue value = take(name);
    if (value instanceof JsonInteger integer) {
      return integer.unsigned()
          ? 2.0 * (integer.value() >>> 1) + (integer.value() & 1)
          : integer.value();
    }
    if (value instanceof JsonDouble number) {
      return number.value();
    }
    throw wrongType(name, "number");
  }

  /** A signed integer of 64 bits. */
  public long integer(@Nullable String name) throws QmpException {
    if (keyval) {
      return converted(name, NumberText.signed(scalar(name)), flat ? "an int64 value" : "integer");
    }
    if (take(name) instanceof JsonInteger integer && !integer.unsigned()) {
      return integer.value();
    }
    throw wrongType(name, "integer");
  }

  /** A signed integer of 8, 16 or 32 bits. */
  public long integer(@Nullable String name, int bits) throws QmpException {
    long value = integer(name);
    long limit = 1L << (bits - 1);
    if (value < -limit || value >= limit) {
      throw badValue(bareName(name), "int" + bits + "_t");
    }
    return value;
  }

  /** An unsigned integer of 64 bits, in two's complement. Negative ones wrap around. */
  public long unsigned(@Nullable String name) throws QmpException {
    if (keyval) {
      return converted(
          name, NumberText.unsigned(scalar(name)), flat ? "a uint64 value" : "integer");
    }
    if (take(name) instanceof JsonInteger integer) {
      return integer.value();
    }
    throw badValue(fullName(name), "uint64");
  }

  /** An unsigned integer of 8, 16 or 32 bits. */
  public long unsigned(@Nullable String name, int bits) throws QmpException {
    long value = unsigned(name);
    if (value >>> bits != 0) {
      throw badValue(bareName(name), "uint" + bits + "_t");
    }
    return value;
  }

  /** A number of bytes; in option strings with a suffix. */
  public long size(@Nullable String name) throws QmpException {
    return keyval
        ? converted(name, NumberText.size(scalar(name)), flat ? "a size value" : "size")
        : unsigned(name);
  }

  /** Any value. */
  public JsonValue any(@Nullable String name) throws QmpException {
    return take(name);
  }

  /** Any value, kept closed for those who may not see JSON. */
  public AnyValue anyValue(@Nullable String name) throws QmpException {
    return new AnyValue(take(name));
  }

  /** null. */
  public JsonNull nil(@Nullable String name) throws QmpException {
    if (take(name) instanceof JsonNull nil) {
      return nil;
    }
    throw wrongType(name, "null");
  }

  /** A list of strings. */
  public List<String> strings(@Nullable String name) throws QmpException {
    startList(name);
    List<String> values = new ArrayList<>();
    while (more()) {
      values.add(string(null));
    }
    endList();
    return values;
  }

  /** A list of signed integers of 64 bits. */
  public List<Long> integers(@Nullable String name) throws QmpException {
    startList(name);
    List<Long> values = new ArrayList<>();
    while (more()) {
      values.add(integer(null));
    }
    endList();
    return values;
  }

  /** A list of unsigned integers of 64 bits. */
  public List<Long> unsigneds(@Nullable String name) throws QmpException {
    startList(name);
    List<Long> values = new ArrayList<>();
    while (more()) {
      values.add(unsigned(null));
    }
    endList();
    return values;
  }

  /** A list of unsigned integers of 8, 16 or 32 bits. */
  public List<Long> unsigneds(@Nullable String name, int bits) throws QmpException {
    startList(name);
    List<Long> values = new ArrayList<>();
    while (more()) {
      values.add(unsigned(null, bits));
    }
    endList();
    return values;
  }

  /** The error for a string that is no value of an enumeration. */
  public QmpException notAccepted(@Nullable String name, String text) {
    return QmpException.generic(
        "Parameter '" + bareName(name) + "' does not accept value '" + text + "'");
  }

  /** The error for a value that is none of the alternatives of {@code type}. */
  public QmpException noAlternative(@Nullable String name, String type) {
    return QmpException.generic(
        "Invalid parameter type for '" + bareName(name) + "', expected: " + type);
  }

  private String scalar(@Nullable String name) throws QmpException {
    JsonValue value = take(name);
    if (value instanceof JsonString string) {
      return string.value();
    }
    if (value instanceof JsonObject || value instanceof JsonArray) {
      throw QmpException.generic("Parameters '" + fullName(name) + ".*' are unexpected");
    }
    throw new IllegalStateException("an option tree holds " + value);
  }

  private long converted(@Nullable String name, OptionalLong value, String expected)
      throws QmpException {
    if (value.isEmpty()) {
      throw badValue(fullName(name), expected);
    }
    return value.getAsLong();
  }

  private JsonValue take(@Nullable String name) throws QmpException {
    JsonValue value = find(name);
    Frame frame = top;
    if (frame != null && frame.object == null) {
      frame.index++;
    }
    if (value == null) {
      throw missing(name);
    }
    if (frame != null && frame.object != null && name != null) {
      frame.visited.add(name);
    }
    return value;
  }

  private @Nullable JsonValue find(@Nullable String name) {
    Frame frame = top;
    if (frame == null) {
      return root;
    }
    if (frame.object != null) {
      return name == null ? null : frame.object.get(name);
    }
    int next = frame.index + 1;
    return next < frame.items.size() ? frame.items.get(next) : null;
  }

  private Frame frame() {
    Frame frame = top;
    if (frame == null) {
      throw new IllegalStateException("nothing is being visited");
    }
    return frame;
  }

  private QmpException missing(@Nullable String name) {
    return QmpException.generic("Parameter '" + fullName(name) + "' is missing");
  }

  private QmpException wrongType(@Nullable String name, String expected) {
    return QmpException.generic(
        "Invalid parameter type for '" + fullName(name) + "', expected: " + expected);
  }

  private static QmpException badValue(String name, String expected) {
    return QmpException.generic("Parameter '" + name + "' expects " + expected);
  }

  /** QEMU names some values without the way to them. */
  private static String bareName(@Nullable String name) {
    return name == null ? "null" : name;
  }

  private String fullName(@Nullable String member) {
    StringBuilder path = new StringBuilder();
    String name = member;
    for (Frame frame = top; frame != null; frame = frame.parent) {
      if (frame.object != null) {
        path.insert(0, "." + (name == null ? ANONYMOUS : name));
      } else {
        path.insert(0, keyval ? "." + frame.index : "[" + frame.index + "]");
      }
      name = frame.name;
    }
    if (name != null) {
      return name + path;
    }
    if (path.isEmpty()) {
      return ANONYMOUS;
    }
    return path.charAt(0) == '.' ? path.substring(1) : path.toString();
  }
}
