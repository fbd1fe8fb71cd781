// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/**
 * A driver over a byte array, for tests: with a chosen alignment, and a hook before each request.
 */
final class MemoryOps implements NodeOps, WritesZeroes, Resizes {
  /** Called before each request. */
  interface Hook {
    void before(String operation, long offset, long bytes) throws BlockException;
  }

  private final Limits limits;
  private byte[] bytes;
  private Hook hook = (operation, offset, length) -> {};
  private boolean closed;

  MemoryOps(int length, Limits limits) {
    this.bytes = new byte[length];
    this.limits = limits;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean closed() {
    return closed;
  }

  void setHook(Hook newHook) {
    hook = newHook;
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    hook.before("read", offset, into.remaining());
    into.put(bytes, (int) offset, into.remaining());
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    hook.before("write", offset, from.remaining());
    from.get(bytes, (int) offset, from.remaining());
  }

  @Override
  public void writeZeroes(long offset, long length, int flags) throws BlockException {
    hook.before("zero", offset, length);
    java.util.Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew) {
    bytes = java.util.Arrays.copyOf(bytes, (int) length);
  }

  @Override
  public void flush() throws BlockException {
    hook.before("flush", 0, 0);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return wanted;
  }
}
