// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What libraries log goes to standard error in QEMU's form, and only when it is grave. Only servers
 * with a dashboard have such libraries. Any thread.
 */
final class Quiet extends Handler {
  private final Messages messages;

  private Quiet(Messages messages) {
    this.messages = messages;
  }

  /** Main thread, before the first library logs. */
  static void logging(Messages messages) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    Quiet quiet = new Quiet(messages);
    quiet.setLevel(Level.SEVERE);
    root.addHandler(quiet);
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      Throwable thrown = entry.getThrown();
      messages.report(
          entry.getLoggerName()
              + ": "
              + entry.getMessage()
              + (thrown == null ? "" : ": " + thrown));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
