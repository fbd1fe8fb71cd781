// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * What a user of a node needs and what it lets others do.
 *
 * @param used the permissions taken, a mask of {@link Permission}
 * @param shared the permissions left to the node's other users
 */
public record Perms(int used, int shared) {
  /** Needs nothing, allows everything. */
  public static final Perms NONE = new Perms(0, Permission.ALL);
}
