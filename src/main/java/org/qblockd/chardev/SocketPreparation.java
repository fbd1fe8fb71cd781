// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/** What may be done for sockets before there is one. Stateless; its own thread. */
public final class SocketPreparation {
  private static final int NONE = -1;

  private SocketPreparation() {}

  /**
   * Links the system calls of sockets, which takes as long as everything else between the start of
   * the program and its greeting: call it early, on a thread of its own.
   */
  public static void prepare() {
    boolean unused = new SocketCalls().isSocket(NONE);
    EarlySocket.noLongerNeeded();
  }
}
