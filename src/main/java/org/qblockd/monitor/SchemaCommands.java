// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.Release;
import org.qblockd.qapi.commands.CommandDispatcher;
import org.qblockd.qapi.commands.CommandTable;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** The commands of the QAPI schema behind the monitors. Threads as {@link Dispatcher} says. */
public final class SchemaCommands implements Dispatcher {
  private final CommandDispatcher commands;
  private final boolean storageDaemon;
  private final @Nullable Release release;
  private @Nullable Set<String> offered;

  /**
   * Runs commands by {@code commands}.
   *
   * @param storageDaemon whether only the commands of qemu-storage-daemon are known
   * @param release the older release that is presented, or null
   */
  public SchemaCommands(
      CommandDispatcher commands, boolean storageDaemon, @Nullable Release release) {
    this.release = release;
    this.commands = commands;
    this.storageDaemon = storageDaemon;
  }

  @Override
  public @Nullable CommandDescription find(String name) {
    if (release != null && release.hides(name)) {
      return null;
    }
    return storageDaemon && !isOffered(name) ? null : CommandTable.find(name);
  }

  /** Any thread: two that come first make the same set. */
  private boolean isOffered(String name) {
    Set<String> names = offered;
    if (names == null) {
      names = Set.copyOf(CommandTable.storageDaemonNames());
      offered = names;
    }
    return names.contains(name);
  }

  @Override
  public JsonValue dispatch(CommandDescription command, JsonObject arguments)
      throws QmpException, BlockException {
    Release shown = release;
    if (shown == null) {
      return commands.dispatch(command.name(), arguments);
    }
    shown.check(command.name(), arguments);
    return shown.reply(command.name(), commands.dispatch(command.name(), arguments));
  }
}
