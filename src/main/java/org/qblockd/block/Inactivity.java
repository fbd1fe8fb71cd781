// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** A backend while its node is inactive: it needs nothing and bears everything. Control lane. */
final class Inactivity {
  private static final Perms WITHOUT = new Perms(0, Permission.ALL);
  private static final int WRITING =
      Permission.WRITE | Permission.WRITE_UNCHANGED | Permission.RESIZE;

  private boolean on;
  private boolean allowed;

  boolean on() {
    return on;
  }

  /** Lets also a backend that writes be without its permissions. */
  void allow() {
    allowed = true;
  }

  /** What a backend of this name needs of a node that it is about to hold. */
  Perms needed(BlockNode node, String name, Perms perms) {
    on = node.inactive() && borne(name, perms);
    return on ? WITHOUT : perms;
  }

  /** Guests' drives, and who does not write, can wait until the node is active again. */
  private boolean borne(String name, Perms perms) {
    return allowed || !name.isEmpty() || (perms.used() & WRITING) == 0;
  }

  void begin(BlockGraph graph, Child child, String name, Perms perms) throws BlockException {
    if (on) {
      return;
    }
    if (!borne(name, perms)) {
      throw BlockException.io(Errno.EPERM);
    }
    graph.setPerms(child, WITHOUT);
    on = true;
  }

  void end(BlockGraph graph, Child child, Perms perms) throws BlockException {
    if (on) {
      graph.setPerms(child, perms);
      on = false;
    }
  }
}
