// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qtest;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;

/**
 * What {@code -qtest-log} shows: every line of a driver with its time since the driver came;
 * without that option on standard error, as in QEMU. Control lane.
 */
final class QtestLog {
  private static final int MICROS_PER_SECOND = 1_000_000;

  private final @Nullable PrintStream out;
  private final Clock clock;
  private final long opened;

  /** A log that begins now; {@code out} is null for none. */
  QtestLog(@Nullable PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
    opened = clock.monotonicNanos();
  }

  /** The driver has come. */
  void opened() {
    line("[I 0.000000] OPENED");
  }

  /** A line from the driver. */
  void received(String text) {
    line("[R +" + time() + "] " + text);
  }

  /** A line to the driver. */
  void sent(String text) {
    line("[S +" + time() + "] " + text);
  }

  /** The driver has gone. */
  void closed() {
    line("[I +" + time() + "] CLOSED");
  }

  private void line(String text) {
    PrintStream to = out;
    if (to != null) {
      to.print(text + "\n");
      to.flush();
    }
  }

  private String time() {
    long micros = (clock.monotonicNanos() - opened) / 1_000;
    String rest = Long.toString(MICROS_PER_SECOND + micros % MICROS_PER_SECOND);
    return micros / MICROS_PER_SECOND + "." + rest.substring(1);
  }
}
