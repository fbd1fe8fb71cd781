// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * Where the guest bytes that begin at some offset lie; the one who asked does the I/O. Immutable.
 *
 * <p>{@code length}: bytes from the offset asked for, at least 1, at most what was asked for.
 */
sealed interface Mapping {
  /** The host offset of what has no room in the file. */
  long NOWHERE = -1;

  long length();

  /** In the file, in one piece from {@code hostOffset} on. */
  record Data(long hostOffset, long length) implements Mapping {}

  /**
   * They read as zeroes; {@code hostOffset} is where room is kept for them, or {@link #NOWHERE}.
   */
  record Zero(long hostOffset, long length) implements Mapping {}

  /**
   * Not in this image: the backing file shows, or zeroes; {@code hostOffset} is where room is kept
   * for them, or {@link #NOWHERE}.
   */
  record Unallocated(long hostOffset, long length) implements Mapping {}

  /** In the compressed cluster that the L2 entry describes; the length ends at its end. */
  record Compressed(long entry, long length) implements Mapping {}
}
