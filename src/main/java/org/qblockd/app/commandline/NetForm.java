// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/** Checks {@code -netdev}, {@code -nic} and {@code -net}. Stateless; any thread. */
final class NetForm {
  private static final List<String> BACK_ENDS =
      List.of(
          "socket",
          "stream",
          "dgram",
          "hubport",
          "tap",
          "user",
          "l2tpv3",
          "bridge",
          "vhost-user",
          "vhost-vdpa");

  private NetForm() {}

  static void check(OptionReader reader, OptionName option, String argument)
      throws QmpException, HelpException {
    Parsed parsed = reader.parse(OptionForm.of(option), argument);
    String type = parsed.get("type");
    if (parsed.help() || "help".equals(type)) {
      throw new HelpException("Available netdev backend types:\n" + String.join("\n", BACK_ENDS));
    }
    if (option == OptionName.NETDEV && parsed.id() == null) {
      throw QmpException.generic("Parameter 'id' is missing");
    }
    boolean known =
        BACK_ENDS.contains(type)
            || option != OptionName.NETDEV && "none".equals(type)
            || option == OptionName.NET && "nic".equals(type);
    if (!known) {
      throw QmpException.generic("Parameter 'type' does not accept value '" + type + "'");
    }
  }
}
