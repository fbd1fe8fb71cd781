// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/**
 * A driver that keeps something of its image in memory, which another process may change while the
 * node is inactive. Control lane; the node is drained.
 */
public interface Activates {
  /**
   * Brings everything to the image and keeps nothing that must be right later; reads go on.
   *
   * @throws BlockException when something could not be stored; the node stays active
   */
  void inactivate() throws BlockException;

  /**
   * Reads anew what the image holds now, and takes it over.
   *
   * @throws BlockException when it cannot be used; the node stays inactive
   */
  void activate() throws BlockException;
}
