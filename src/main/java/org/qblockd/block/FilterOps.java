// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/**
 * A filter that forwards everything to its filtered child; real filters override what they filter.
 * Threads as in {@link NodeOps}.
 */
public abstract class FilterOps implements NodeOps, WritesZeroes, Discards, Resizes {
  private final Child file;

  /** A filter over this child. */
  protected FilterOps(Child file) {
    this.file = file;
  }

  /** The filtered child. */
  protected final Child file() {
    return file;
  }

  @Override
  public long length() throws BlockException {
    return file.length();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    file.read(offset, into, flags);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    file.write(offset, from, flags);
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    file.writeZeroes(offset, bytes, flags);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    file.discard(offset, bytes);
  }

  @Override
  public void flush() throws BlockException {
    file.flush();
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    file.resize(length, exact, preallocation, zeroNew);
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.NONE;
  }

  @Override
  public boolean writesThrough() {
    return true;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return DefaultPerms.filter(wanted);
  }
}
