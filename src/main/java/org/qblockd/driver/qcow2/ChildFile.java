// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;
import org.qblockd.block.DebugEvents;
import org.qblockd.block.ReportsAllocation;

/** An image in the node behind an edge. Any thread. */
public record ChildFile(Child child) implements ImageFile {
  @Override
  public long length() throws BlockException {
    return child.length();
  }

  @Override
  public long allocatedBytes() throws BlockException {
    ReportsAllocation reports = child.node().capability(ReportsAllocation.class);
    if (reports == null) {
      return -1;
    }
    try {
      return reports.allocatedBytes();
    } catch (BlockException refused) {
      if (refused.errno() != Errno.ENOTSUP) {
        throw refused;
      }
      // blkdebug does not tell.
      return -1;
    }
  }

  @Override
  public void event(String name) {
    DebugEvents.raise(child, name);
  }

  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    child.read(offset, into, 0);
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    child.write(offset, from, 0);
  }

  @Override
  public void writeZeroes(long offset, long bytes) throws BlockException {
    child.writeZeroes(offset, bytes, 0);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    child.discard(offset, bytes);
  }

  @Override
  public void flush() throws BlockException {
    child.flush();
  }

  @Override
  public void resize(long length, String preallocation) throws BlockException {
    child.resize(length, false, preallocation, false);
  }
}
