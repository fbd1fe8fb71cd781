// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.MemberOrder;

/**
 * The options of a device: {@code driver}, {@code bus}, {@code id} and properties of any type,
 * typed as in JSON or texts of a command line. Immutable; any thread.
 */
public final class DeviceOptions {
  private final JsonObject members;
  private final boolean texts;
  private final boolean help;

  private DeviceOptions(JsonObject members, boolean texts, boolean help) {
    this.members = members;
    this.texts = texts;
    this.help = help;
  }

  /** The arguments of {@code device_add}. */
  public static DeviceOptions of(AnyValue arguments) throws QmpException {
    InputVisitor in = arguments.visitor();
    in.startStruct(null);
    return new DeviceOptions((JsonObject) arguments.toJson(), false, false);
  }

  /** What a command line said, {@code id} included. */
  public static DeviceOptions of(OptsParser.Parsed parsed) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (OptsParser.Option option : parsed.options()) {
      members.put(option.name(), new JsonString(option.value()));
    }
    if (parsed.id() != null) {
      members.put("id", new JsonString(parsed.id()));
    }
    return new DeviceOptions(new JsonObject(members), true, parsed.help());
  }

  /** Options that the server itself makes up; last values count. */
  public static DeviceOptions ofTexts(Map<String, String> texts) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    texts.forEach((name, value) -> members.put(name, new JsonString(value)));
    return new DeviceOptions(new JsonObject(members), true, false);
  }

  /** The argument of {@code -device} that begins with a brace. */
  public static DeviceOptions ofJson(String text) throws QmpException {
    try {
      if (JsonStream.parse(text) instanceof JsonObject object) {
        return new DeviceOptions(object, false, false);
      }
    } catch (JsonSyntaxException e) {
      throw new QmpException(ErrorClass.GENERIC_ERROR, e.description(), e);
    }
    throw QmpException.generic("Invalid JSON object given");
  }

  /** Whether a command line asks what there is instead. */
  public boolean help() {
    return help;
  }

  /** The value of an option that is a string, else null. */
  public @Nullable String string(String name) {
    return members.get(name) instanceof JsonString string ? string.value() : null;
  }

  /** The names of the properties, in the order in which QEMU sets them. */
  public List<String> properties() {
    List<String> names = new ArrayList<>(MemberOrder.names(members));
    names.remove("driver");
    names.remove("bus");
    names.remove("id");
    return names;
  }

  /** A visitor that stands before the members. */
  public InputVisitor visitor() throws QmpException {
    InputVisitor in = texts ? InputVisitor.keyval(members) : InputVisitor.strict(members);
    in.startStruct(null);
    return in;
  }
}
