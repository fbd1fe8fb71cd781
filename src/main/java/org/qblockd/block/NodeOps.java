// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/**
 * What every driver does for one open node. {@link BlockNode} has checked, aligned, split and
 * counted each request before it arrives here. Anything more is a capability interface that the
 * class also implements, only where it is true.
 *
 * <p>Threads: {@link #read}, {@link #write}, {@link #flush} from any number of threads at once
 * (many are virtual threads; do not pin for long). {@link #close} and {@link #childPerms} on the
 * control lane; {@code close} only when nothing is in flight.
 */
public interface NodeOps {
  /** The length in bytes of what the node shows. */
  long length() throws BlockException;

  /**
   * Fills {@code into} from its position to its limit with the bytes at {@code offset}; on return
   * its position is its limit. The range lies within the length rounded up to the alignment.
   */
  void read(long offset, ByteBuffer into, int flags) throws BlockException;

  /**
   * Writes all that remains in {@code from}; on return its position is its limit. The bytes of
   * {@code from} are not changed. {@link RequestFlags#FUA} comes only to drivers that declare
   * {@link #writesThrough}.
   */
  void write(long offset, ByteBuffer from, int flags) throws BlockException;

  /** Brings all completed writes to stable storage, the node's children included. */
  void flush() throws BlockException;

  /** Writes what is cached, marks the image clean and releases everything but the children. */
  void close();

  /** What requests must look like. May change when the node is reopened. */
  Limits limits();

  /** What this node needs of {@code child} when its own users want {@code wanted}. Pure. */
  Perms childPerms(Child child, Perms wanted);

  /** Whether {@link #write} honours {@link RequestFlags#FUA} itself. */
  default boolean writesThrough() {
    return false;
  }
}
