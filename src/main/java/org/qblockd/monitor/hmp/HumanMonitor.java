// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.qblockd.base.ControlLane;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.FrontEnd;

/**
 * A human monitor of the command line: it has one user at a time, who finds the history of those
 * before. Any thread.
 */
public final class HumanMonitor implements FrontEnd {
  private final String version;
  private final ControlLane lane;
  private final Supplier<HumanInterpreter> interpreter;
  private final BiConsumer<String, Throwable> bugs;
  private final History history = new History();

  /**
   * A monitor without a user.
   *
   * @param version the version that the greeting tells
   * @param lane where lines are run
   * @param interpreter asked on the lane, when a line is run
   * @param bugs told of an unexpected exception and the line that caused it
   */
  public HumanMonitor(
      String version,
      ControlLane lane,
      Supplier<HumanInterpreter> interpreter,
      BiConsumer<String, Throwable> bugs) {
    this.version = version;
    this.lane = lane;
    this.interpreter = interpreter;
    this.bugs = bugs;
  }

  /** A user has come: greets. The prompt follows when the session begins. */
  @Override
  public HumanSession connect(Connection connection) {
    HumanSession begun = new HumanSession(this, connection);
    begun.greet("QEMU " + version + " monitor - type 'help' for more information\r\n");
    return begun;
  }

  ControlLane lane() {
    return lane;
  }

  HumanInterpreter interpreter() {
    return interpreter.get();
  }

  BiConsumer<String, Throwable> bugs() {
    return bugs;
  }

  History history() {
    return history;
  }
}
