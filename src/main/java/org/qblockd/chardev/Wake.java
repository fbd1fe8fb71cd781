// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/** Ends a wait in poll(2) of another thread. {@link #close} once nobody waits any more. */
final class Wake {
  private final int descriptor;

  Wake() {
    descriptor = new HostCalls().eventDescriptor();
  }

  int descriptor() {
    return descriptor;
  }

  /** From now on every wait ends at once. */
  void signal() {
    new HostCalls().signal(descriptor);
  }

  void close() {
    int unused = new SocketCalls().close(descriptor);
  }
}
