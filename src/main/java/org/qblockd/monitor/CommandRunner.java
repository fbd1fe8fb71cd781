// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream.Complete;
import org.qblockd.qapi.json.JsonStream.Malformed;
import org.qblockd.qapi.json.JsonStream.Message;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * Runs the requests of a session and words their replies. In-band requests on the control lane,
 * out-of-band ones on the session's thread.
 */
final class CommandRunner {
  private static final String NEGOTIATION_COMMAND = "qmp_capabilities";

  private final Session session;
  private final Dispatcher dispatcher;

  CommandRunner(Session session, Dispatcher dispatcher) {
    this.session = session;
    this.dispatcher = dispatcher;
  }

  /** The reply; null for a command whose success is not answered. */
  @Nullable JsonObject run(Message message) {
    // No switch over types: its first use costs each start a millisecond.
    return message instanceof Complete complete
        ? run(complete.value())
        : Reply.error(ErrorClass.GENERIC_ERROR, ((Malformed) message).description(), null);
  }

  /**
   * Whether a request is answered without waiting for anything, so that replies before it may leave
   * together with its own.
   */
  static boolean isQuick(Message message) {
    return !(message instanceof Complete complete)
        || !(complete.value() instanceof JsonObject object)
        || !(object.get("execute") instanceof JsonValue.JsonString name)
        || name.value().startsWith("query-");
  }

  private @Nullable JsonObject run(JsonValue request) {
    JsonValue id = Envelope.id(request);
    boolean negotiated = session.isNegotiated();
    try {
      Envelope envelope = Envelope.of(request, session.isOobEnabled());
      CommandDescription command = admit(envelope, negotiated);
      JsonValue returned = dispatch(command, envelope.arguments());
      return command.successResponse() ? Reply.success(returned, id) : null;
    } catch (QmpException e) {
      boolean misplaced = !negotiated && e.errorClass() == ErrorClass.COMMAND_NOT_FOUND;
      String text =
          misplaced
              ? "Expecting capabilities negotiation with '" + NEGOTIATION_COMMAND + "'"
              : e.text();
      return Reply.error(e.errorClass(), text, id);
    } catch (BlockException e) {
      return Reply.error(ErrorClass.GENERIC_ERROR, e.message(), id);
    }
  }

  private CommandDescription admit(Envelope envelope, boolean negotiated) throws QmpException {
    String name = envelope.command();
    boolean visible = negotiated || name.equals(NEGOTIATION_COMMAND);
    CommandDescription command = visible ? dispatcher.find(name) : null;
    if (command == null) {
      throw new QmpException(
          ErrorClass.COMMAND_NOT_FOUND, "The command " + name + " has not been found");
    }
    dispatcher.admit(command);
    if (envelope.outOfBand() && !command.allowOob()) {
      throw QmpException.generic("The command " + name + " does not support OOB");
    }
    if (dispatcher.inPreconfig() && !command.allowPreconfig()) {
      throw QmpException.generic(
          "The command '"
              + name
              + "' is permitted only after machine initialization has completed");
    }
    return command;
  }

  private JsonValue dispatch(CommandDescription command, JsonObject arguments)
      throws QmpException, BlockException {
    Session before = Session.enter(session);
    try {
      return dispatcher.dispatch(command, arguments);
    } catch (RuntimeException | Error bug) {
      session.backend().bugs().accept(command.name(), bug);
      throw new QmpException(
          ErrorClass.GENERIC_ERROR, "Internal error in '" + command.name() + "': " + bug, bug);
    } finally {
      Session.leave(before);
    }
  }
}
