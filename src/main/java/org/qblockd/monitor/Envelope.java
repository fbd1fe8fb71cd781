// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.MemberOrder;

/**
 * A checked request: the members around a command. Immutable; any thread.
 *
 * @param outOfBand whether the client asked by {@code exec-oob}
 */
record Envelope(String command, boolean outOfBand, JsonObject arguments) {

  /** Whether a message is to be run beside the queue; its other members are not looked at. */
  static boolean isOutOfBand(JsonValue message) {
    return message instanceof JsonObject object
        && object.get("exec-oob") != null
        && object.get("execute") == null;
  }

  /** The client's mark, to be repeated in the reply; null when there is none. */
  static @Nullable JsonValue id(JsonValue message) {
    return message instanceof JsonObject object ? object.get("id") : null;
  }

  /** Checks a message; of several errors, the one whose member QEMU prints first is reported. */
  static Envelope of(JsonValue message, boolean oobEnabled) throws QmpException {
    if (!(message instanceof JsonObject object)) {
      throw QmpException.generic("QMP input must be a JSON object");
    }
    Envelope envelope = accept(object, oobEnabled);
    if (envelope != null) {
      return envelope;
    }
    throw firstError(object, oobEnabled);
  }

  private static @Nullable Envelope accept(JsonObject object, boolean oobEnabled) {
    JsonValue execute = object.get("execute");
    JsonValue execOob = oobEnabled ? object.get("exec-oob") : null;
    JsonValue arguments = object.get("arguments");
    int known = (execute == null ? 0 : 1) + (execOob == null ? 0 : 1);
    boolean one = known == 1;
    known += (arguments == null ? 0 : 1) + (object.get("id") == null ? 0 : 1);
    JsonValue name = execute == null ? execOob : execute;
    JsonValue given = arguments == null ? JsonObject.EMPTY : arguments;
    return one
            && known == object.members().size()
            && name instanceof JsonString command
            && given instanceof JsonObject checked
        ? new Envelope(command.value(), execute == null, checked)
        : null;
  }

  private static QmpException firstError(JsonObject object, boolean oobEnabled) {
    String command = null;
    for (String name : MemberOrder.names(object)) {
      JsonValue value = object.get(name);
      switch (name) {
        case "execute", "exec-oob" -> {
          if (name.equals("exec-oob") && !oobEnabled) {
            return unexpected(name);
          }
          if (!(value instanceof JsonString)) {
            return QmpException.generic("QMP input member '" + name + "' must be a string");
          }
          if (command != null) {
            return QmpException.generic(
                "QMP input member '" + name + "' clashes with '" + command + "'");
          }
          command = name;
        }
        case "arguments" -> {
          if (!(value instanceof JsonObject)) {
            return QmpException.generic("QMP input member 'arguments' must be an object");
          }
        }
        case "id" -> {}
        default -> {
          return unexpected(name);
        }
      }
    }
    return QmpException.generic("QMP input lacks member 'execute'");
  }

  private static QmpException unexpected(String name) {
    return QmpException.generic("QMP input member '" + name + "' is unexpected");
  }
}
