// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import org.qblockd.qapi.json.JsonValue.JsonObject;

/** Where events go. Implementations say which threads may call them. */
public interface EventSink {

  /** Sends an event; {@code data} is empty for an event without data. */
  void emit(String name, JsonObject data);

  /** Sends a generated event. */
  default void emit(QapiEvent event) {
    emit(event.eventName(), event.toJson());
  }
}
