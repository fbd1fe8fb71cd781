// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Optional;
import java.util.function.Consumer;
import org.qblockd.base.Errno;
import org.qblockd.block.fault.Fault;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.FaultOperation;
import org.qblockd.qapi.types.XFaultFiredEvent;

/** Tells clients of each request that meets a fault. Any thread. */
public final class FaultEvents implements Consumer<Fault.Met> {
  private final EventSink events;

  /** Sends events to this sink. */
  public FaultEvents(EventSink events) {
    this.events = events;
  }

  @Override
  public void accept(Fault.Met met) {
    Errno errno = met.spec().errno();
    long delay = met.spec().delayNanos();
    events.emit(
        new XFaultFiredEvent(
            met.fault().id(),
            met.nodeName(),
            FaultOperation.valueOf(met.kind().name()),
            met.offset(),
            met.bytes(),
            met.fired(),
            errno == null ? Optional.empty() : Optional.of((long) errno.number()),
            delay == 0 ? Optional.empty() : Optional.of(delay)));
  }
}
