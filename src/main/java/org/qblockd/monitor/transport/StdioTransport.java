// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.transport;

import org.qblockd.monitor.Monitor;

/**
 * A monitor on standard input and output. The main thread opens, starts and closes; one thread
 * reads. At the end of the input the client still gets replies and events.
 */
public final class StdioTransport implements MonitorTransport {
  private final Monitor monitor;

  /** For one monitor of the process. */
  public StdioTransport(Monitor monitor) {
    this.monitor = monitor;
  }

  @Override
  public void open() {}

  @Override
  public void start() {
    DescriptorStream stream = DescriptorStream.ofPair(monitor, 0, 1);
    Thread.ofPlatform().name("monitor-stdio").daemon(true).start(stream::serve);
  }

  /** The descriptors belong to the process; what was written is with the system already. */
  @Override
  public void close() {}
}
