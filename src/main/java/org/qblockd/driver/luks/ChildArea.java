// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.luks;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.crypto.LuksVolume;

/** The header's area at the begin of a child. Any thread. */
record ChildArea(Child child) implements LuksVolume.Area {
  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    child.read(offset, into, 0);
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    child.write(offset, from, 0);
  }
}
