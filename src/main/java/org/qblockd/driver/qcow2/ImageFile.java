// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/**
 * The bytes that hold an image: the {@code file} edge of the node, or memory in tests. Any thread.
 * Offsets and lengths in bytes; reads beyond the end give zeroes, writes beyond it grow the file.
 */
public interface ImageFile {
  /** The length in bytes. */
  long length() throws BlockException;

  /** Bytes that the host has allocated for the file, or -1 if that is not known. */
  long allocatedBytes() throws BlockException;

  /** Tells those below that a point was reached, a wire name of QAPI's BlkdebugEvent. */
  default void event(String name) {}

  /** Fills {@code into}. */
  void read(long offset, ByteBuffer into) throws BlockException;

  /** Writes all that remains in {@code from}. */
  void write(long offset, ByteBuffer from) throws BlockException;

  /** Makes the range read as zeroes. */
  void writeZeroes(long offset, long bytes) throws BlockException;

  /** Gives the range back to the host, where the file's options allow it. */
  void discard(long offset, long bytes) throws BlockException;

  /** Brings what was written to stable storage. */
  void flush() throws BlockException;

  /**
   * Changes the length.
   *
   * @param preallocation {@code off}, {@code falloc} or {@code full}
   */
  void resize(long length, String preallocation) throws BlockException;
}
