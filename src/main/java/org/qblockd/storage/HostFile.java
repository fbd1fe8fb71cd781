// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Pages;

/**
 * An open host file or device: bytes at positions, without a cursor. Offsets and lengths are bytes.
 *
 * <p>Any number of threads at once, platform or virtual; calls that may block for long keep no
 * carrier of a virtual thread. {@link #close} only when nothing is in flight. Errors are {@link
 * BlockException}s with the kernel's error number.
 */
public interface HostFile extends AutoCloseable {
  /** The name it was opened by. */
  String path();

  /** Whether it was opened for writing. */
  boolean writable();

  /** What offsets and lengths of reads and writes are multiples of: 1, or more with O_DIRECT. */
  int alignment();

  /**
   * Fills {@code into} from its position to its limit, with zeroes beyond the end of the file. On
   * return its position is its limit; after an error its position means nothing.
   */
  void read(long offset, ByteBuffer into) throws BlockException;

  /**
   * Like {@link #read} if that needs no waiting for the disk. False means that nothing happened
   * except that the bytes of {@code into} may have changed: use {@link #read} on a thread that may
   * wait.
   */
  boolean tryRead(long offset, ByteBuffer into) throws BlockException;

  /**
   * Writes all that remains in {@code from}, growing the file where needed. On return its position
   * is its limit; after an error any part may have been written.
   *
   * @throws BlockException ENOSPC, EFBIG, EDQUOT, EIO, EBADF when not writable, …
   */
  void write(long offset, ByteBuffer from) throws BlockException;

  /**
   * Brings completed writes to stable storage. Once it has failed it fails for ever, for the kernel
   * forgets what it could not write.
   */
  void flush() throws BlockException;

  /** The length now. */
  long length() throws BlockException;

  /** Sets the length; new bytes read as zeroes. */
  void truncate(long length) throws BlockException;

  /**
   * Reserves space for a range; bytes keep their value, new ones read as zeroes, the file may grow.
   *
   * @throws BlockException ENOTSUP when the file system cannot
   */
  void allocate(long offset, long length) throws BlockException;

  /**
   * Frees the space of a range, which then reads as zeroes. The length does not change.
   *
   * @throws BlockException ENOTSUP when the file system cannot
   */
  void punchHole(long offset, long length) throws BlockException;

  /**
   * Lets the host begin to write to its disk what is dirty, so that a later {@link #flush} has less
   * to wait for. A hint: errors are left to the flush.
   */
  default void startWriteback() {}

  /**
   * Makes a range read as zeroes and keeps its space reserved; the file may grow.
   *
   * @throws BlockException ENOTSUP when the file system cannot
   */
  void zeroRange(long offset, long length) throws BlockException;

  /**
   * The run of data or hole that {@code offset} lies in. At or behind the end of the file: a hole
   * without end. A file system that knows no holes gives one run of data.
   */
  HostExtent extentAt(long offset) throws BlockException;

  /** The space it takes on the host. */
  long allocatedBytes() throws BlockException;

  /**
   * Copies a range to another file inside the kernel.
   *
   * @throws BlockException ENOTSUP when this pair, or a range behind the end, must be copied by
   *     hand; a part may have been copied
   */
  void copyRange(long offset, HostFile target, long targetOffset, long length)
      throws BlockException;

  /**
   * Up to {@code bytes} from {@code offset} on without a copy, at least one; null when they have to
   * be read. May wait for the disk, not on a virtual thread.
   */
  default @Nullable Pages pages(long offset, int bytes) {
    return null;
  }

  /** Its image locks. Control lane only. */
  ImageLocks locks();

  /**
   * Closes it and drops its locks; a second call does nothing. What was not flushed may be lost.
   */
  @Override
  void close();
}
