// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.Release;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** Sends on what an older release would have sent. Any thread. */
public record ReleaseEvents(EventSink events, Release release) implements EventSink {
  @Override
  public void emit(String name, JsonObject data) {
    if (!release.hides(name)) {
      events.emit(name, release.event(name, data));
    }
  }
}
