// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * The commands behind the monitors. In-band commands are dispatched on the control lane,
 * out-of-band ones on the thread of their session; everything else may be asked on any thread.
 */
public interface Dispatcher {

  /** What is known of a command; null when there is none of this name. */
  @Nullable CommandDescription find(String name);

  /**
   * Refuses a command that exists but may not be used now, as for {@code -compat} or a disabled
   * one.
   */
  default void admit(CommandDescription command) throws QmpException {}

  /** Whether only commands marked {@code allow-preconfig} may run yet. */
  default boolean inPreconfig() {
    return false;
  }

  /**
   * Runs a command; {@link Session#current} tells for whom. A BlockException is answered as
   * GenericError with its message.
   *
   * @return what the reply's member {@code return} holds
   */
  JsonValue dispatch(CommandDescription command, JsonObject arguments)
      throws QmpException, BlockException;
}
