// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Located;
import org.qblockd.base.BlockException;
import org.qblockd.command.migration.MigrationVerbs;
import org.qblockd.machine.migration.Addresses;
import org.qblockd.machine.migration.Migration;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.MigrationTexts;
import org.qblockd.qapi.types.MigrationAddress;

/**
 * Does what -incoming asks for: begins to listen, unless that is left to a command. Main thread.
 */
final class IncomingStart {
  private final Core core;

  IncomingStart(Core core) {
    this.core = core;
  }

  void listen(Located<String> incoming) throws CommandLineException {
    String place = incoming.value();
    if (place.equals("defer")) {
      return;
    }
    try {
      core.onLane(() -> {
        try {
          begin(place);
        } catch (QmpException refused) {
          throw BlockException.invalid(refused.text());
        }
      });
    } catch (BlockException refused) {
      throw new CommandLineException(incoming.location(), refused.message());
    }
  }

  private void begin(String place) throws QmpException {
    Migration migration = core.migration();
    boolean json = place.startsWith("{");
    MigrationAddress address =
        json
            ? Addresses.of(null, List.of(MigrationTexts.channel(place)))
            : Addresses.of(place, null);
    migration.listen(address, MigrationVerbs.descriptor(address), true);
  }
}
