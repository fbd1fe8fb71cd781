// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.options;

import java.util.HashMap;
import java.util.Map;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.types.MigrateSetParameters;
import org.qblockd.qapi.types.MigrationChannel;
import org.qblockd.qapi.types.MigrationParameters;

/** What of migration is said as text: on the command line and by people. Pure functions. */
public final class MigrationTexts {
  private MigrationTexts() {}

  /** The channel of {@code -incoming {…}}. */
  public static MigrationChannel channel(String json) throws QmpException {
    try {
      return MigrationChannel.decode(InputVisitor.strict(JsonStream.parse(json)), null);
    } catch (JsonSyntaxException e) {
      throw QmpException.generic(e.description());
    }
  }

  /** Whether there is a parameter of this name. */
  public static boolean exists(MigrationParameters parameters, String name) {
    return members(parameters).containsKey(name);
  }

  /** Whether the parameter of this name is a number. */
  public static boolean isNumber(MigrationParameters parameters, String name) {
    return members(parameters).get(name) instanceof JsonInteger;
  }

  private static Map<String, JsonValue> members(MigrationParameters parameters) {
    Map<String, JsonValue> members = new HashMap<>();
    parameters.encodeMembers(members);
    return members;
  }

  /** One parameter to set, whose value is text. */
  public static MigrateSetParameters set(String name, String text) throws QmpException {
    JsonObject set = new JsonObject(Map.of(name, new JsonString(text)));
    return MigrateSetParameters.decode(InputVisitor.keyval(set), null);
  }
}
