// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/** Passes everything on to another image file, for tests that step in somewhere. Any thread. */
public abstract class ForwardingImage implements ImageFile {
  private final ImageFile below;

  protected ForwardingImage(ImageFile below) {
    this.below = below;
  }

  @Override
  public long length() throws BlockException {
    return below.length();
  }

  @Override
  public long allocatedBytes() throws BlockException {
    return below.allocatedBytes();
  }

  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    below.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    below.write(offset, from);
  }

  @Override
  public void writeZeroes(long offset, long bytes) throws BlockException {
    below.writeZeroes(offset, bytes);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    below.discard(offset, bytes);
  }

  @Override
  public void flush() throws BlockException {
    below.flush();
  }

  @Override
  public void resize(long length, String preallocation) throws BlockException {
    below.resize(length, preallocation);
  }
}
