// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Zeroes;

/** The backing edge that a node has at the moment of each request. Any thread. */
record NodeBacking(BlockNode node) implements BackingSource {
  @Override
  public boolean present() {
    return node.backing() != null;
  }

  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    Child backing = node.backing();
    if (backing == null) {
      Zeroes.fill(into);
    } else {
      backing.read(offset, into, 0);
    }
  }
}
