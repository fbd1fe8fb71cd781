// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.object.ObjectHelp;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ObjectOptions;
import org.qblockd.qapi.types.ObjectType;

/** Reads {@code -object}, and says what objects there are. Main thread. */
public final class ObjectTexts {
  private static final String IMPLIED = "qom-type";
  private static final OptsParser PARSER = OptsParser.acceptingAny(IMPLIED);
  private static final Set<String> LISTS = Set.of("host-nodes", "cpu-affinity", "node-affinity");

  private ObjectTexts() {}

  /**
   * The emulator's form: JSON, or a flat list.
   *
   * @param ids of flat lists before
   */
  static ObjectOptions flat(OptionReader reader, String text, Set<String> ids)
      throws QmpException, HelpException {
    if (text.startsWith("{")) {
      return ObjectOptions.decode(Keyval.visitor(text, IMPLIED), null);
    }
    Parsed parsed = reader.parse(PARSER, text);
    String id = parsed.id();
    if (id != null && !ids.add(id)) {
      throw QmpException.generic("Duplicate ID '" + id + "' for object");
    }
    String type = parsed.get(IMPLIED);
    if (parsed.help() || type != null && isHelp(type)) {
      if (type != null && !isHelp(type) && ObjectType.fromWire(type) == null) {
        throw QmpException.generic("Parameter 'qom-type' does not accept value '" + type + "'");
      }
      throw help(type);
    }
    return ObjectOptions.decode(parsed.visitor(LISTS), null);
  }

  /** The form of the storage daemon and the human monitor: JSON, or nested keys. */
  public static ObjectOptions nested(String text) throws QmpException, HelpException {
    if (!text.startsWith("{")) {
      Keyval.Options options = Keyval.parseWithHelp(text, IMPLIED);
      String type = Keyval.flat(text, IMPLIED).get(IMPLIED);
      if (options.help()) {
        throw help(type);
      }
    }
    return ObjectOptions.decode(Keyval.visitor(text, IMPLIED), null);
  }

  private static boolean isHelp(String word) {
    return word.equals("help") || word.equals("?");
  }

  private static HelpException help(@Nullable String type) throws QmpException {
    return new HelpException(ObjectHelp.text(type));
  }
}
