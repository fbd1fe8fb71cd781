// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/**
 * A monitor on standard input and output. The main thread opens, starts and closes; one thread
 * reads. At the end of the input the client still gets replies and events.
 */
public final class StdioTransport implements Transport {
  private final FrontEnd frontEnd;

  /** For one monitor of the process. */
  public StdioTransport(FrontEnd frontEnd) {
    this.frontEnd = frontEnd;
  }

  @Override
  public void open() {}

  @Override
  public void start() {
    DescriptorStream stream = DescriptorStream.ofPair(frontEnd, 0, 1);
    Thread.ofPlatform().name("monitor-stdio").daemon(true).start(stream::serve);
  }

  /** The descriptors belong to the process; what was written is with the system already. */
  @Override
  public void close() {}
}
