// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.function.Consumer;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.BlockExportDeletedEvent;

/** Turns the end of exports into QMP events. Control lane. */
public final class ExportEvents implements Consumer<String> {
  private final EventSink events;

  /** Sends events to this sink. */
  public ExportEvents(EventSink events) {
    this.events = events;
  }

  @Override
  public void accept(String id) {
    events.emit(new BlockExportDeletedEvent(id));
  }
}
