// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A format whose image can give up all its content at once. */
public interface Empties {
  /** Drops all content: what lies below shows everywhere. Nothing is in flight. */
  void makeEmpty() throws BlockException;
}
