// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/**
 * Commands of which a watcher is told. Only a server with a dashboard has it between its monitors
 * and its commands. Threads as {@link Dispatcher} says.
 */
public final class WatchedCommands implements Dispatcher {
  /** Longer arguments are not kept. */
  static final int MAX_ARGUMENTS = 8192;

  private final Dispatcher commands;
  private final Clock clock;
  private volatile @Nullable CommandWatcher watcher;

  /** Passes everything on to {@code commands}; nobody watches yet. */
  public WatchedCommands(Dispatcher commands, Clock clock) {
    this.commands = commands;
    this.clock = clock;
  }

  /** From now on this watcher is told. */
  public void watch(CommandWatcher told) {
    watcher = told;
  }

  @Override
  public @Nullable CommandDescription find(String name) {
    CommandDescription found = commands.find(name);
    if (found == null) {
      String text = "The command " + name + " has not been found";
      tell(name, JsonObject.EMPTY, ErrorClass.COMMAND_NOT_FOUND.wireName(), text, 0);
    }
    return found;
  }

  @Override
  public void admit(CommandDescription command) throws QmpException {
    commands.admit(command);
  }

  @Override
  public boolean inPreconfig() {
    return commands.inPreconfig();
  }

  @Override
  public JsonValue dispatch(CommandDescription command, JsonObject arguments)
      throws QmpException, BlockException {
    long begin = clock.monotonicNanos();
    try {
      JsonValue returned = commands.dispatch(command, arguments);
      tell(command.name(), arguments, null, null, clock.monotonicNanos() - begin);
      return returned;
    } catch (QmpException e) {
      String errorClass = e.errorClass().wireName();
      tell(command.name(), arguments, errorClass, e.text(), clock.monotonicNanos() - begin);
      throw e;
    } catch (BlockException e) {
      String errorClass = ErrorClass.GENERIC_ERROR.wireName();
      tell(command.name(), arguments, errorClass, e.message(), clock.monotonicNanos() - begin);
      throw e;
    }
  }

  private void tell(
      String name,
      JsonObject arguments,
      @Nullable String errorClass,
      @Nullable String error,
      long nanos) {
    CommandWatcher told = watcher;
    Session session = Session.current();
    if (told == null || !told.wants(session)) {
      return;
    }
    String text = JsonWriter.toText(Redaction.of(arguments));
    String kept = text.length() > MAX_ARGUMENTS ? "" : text;
    told.called(session, new CommandWatcher.Call(name, kept, errorClass, error, nanos));
  }
}
