// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.block.ChildRole;
import org.qblockd.qapi.options.OptionMap;

/**
 * What a child takes over from the node that it is opened for. Immutable; control lane.
 *
 * @param parent the parent's options
 * @param parentIsFormat whether the parent is an image format
 * @param parentIsProtocol whether the parent was opened without looking for a format
 * @param role the child's role
 * @param inactive whether the parent is inactive
 */
record Heritage(
    OptionMap parent,
    boolean parentIsFormat,
    boolean parentIsProtocol,
    int role,
    boolean inactive) {
  /** Whether the child is opened without looking for a format when no driver is named. */
  boolean protocol() {
    boolean data = (role & ChildRole.DATA) != 0;
    boolean metadata = (role & ChildRole.METADATA) != 0;
    boolean filtered = (role & ChildRole.FILTERED) != 0;
    boolean cow = (role & ChildRole.COW) != 0;
    if ((parentIsFormat && !cow) || metadata) {
      return true;
    }
    return parentIsProtocol && !(!parentIsFormat && data && !filtered);
  }
}
