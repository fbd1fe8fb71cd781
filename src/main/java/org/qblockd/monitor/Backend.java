// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.function.BiConsumer;
import org.qblockd.base.ControlLane;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * What all monitors of a process share. Immutable; any thread.
 *
 * @param version the {@code version} member of the greeting, as query-version returns it
 * @param dispatcher the commands
 * @param lane where in-band commands run, one after another
 * @param bugs told of an unexpected exception and the command that threw it; on the thread of the
 *     command
 */
public record Backend(
    JsonObject version,
    Dispatcher dispatcher,
    ControlLane lane,
    BiConsumer<String, Throwable> bugs) {}
