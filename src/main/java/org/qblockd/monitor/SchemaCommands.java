// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.CommandDispatcher;
import org.qblockd.qapi.commands.CommandTable;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** The commands of the QAPI schema behind the monitors. Threads as {@link Dispatcher} says. */
public final class SchemaCommands implements Dispatcher {
  private final CommandDispatcher commands;

  /** Runs commands by {@code commands}. */
  public SchemaCommands(CommandDispatcher commands) {
    this.commands = commands;
  }

  @Override
  public @Nullable CommandDescription find(String name) {
    return CommandTable.find(name);
  }

  @Override
  public JsonValue dispatch(CommandDescription command, JsonObject arguments)
      throws QmpException, BlockException {
    return commands.dispatch(command.name(), arguments);
  }
}
