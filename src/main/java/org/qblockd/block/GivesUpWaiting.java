// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * A driver whose requests may wait for a peer that has gone, and which can be told that nobody
 * wants to wait any more: those that wait fail. Lane only.
 */
public interface GivesUpWaiting {
  /** Lets fail what waits now. */
  void giveUpWaiting();

  /** Tells the node's driver, if it is one that waits. */
  static void in(BlockNode node) {
    GivesUpWaiting driver = node.capability(GivesUpWaiting.class);
    if (driver != null) {
      driver.giveUpWaiting();
    }
  }
}
