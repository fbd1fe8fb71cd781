// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * A driver that acts when drivers above it reach certain points (blkdebug). Any thread; may keep
 * the calling thread until somebody lets it go on, so never raise an event on the control lane
 * where a breakpoint can be set.
 */
public interface DebugEvents {
  /** Somebody reached the point {@code event}, a wire name of QAPI's BlkdebugEvent. */
  void event(String event);

  /** Tells the node behind {@code child} that its parent reached a point; nothing if it is deaf. */
  static void raise(Child child, String event) {
    DebugEvents listener = child.node().capability(DebugEvents.class);
    if (listener != null) {
      listener.event(event);
    }
  }
}
