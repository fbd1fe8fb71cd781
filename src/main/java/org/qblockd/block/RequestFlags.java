// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** Flags of a request, a mask of these bits. */
public final class RequestFlags {
  /** The data is on stable storage when the request completes. */
  public static final int FUA = 1;

  /** A write of zeroes may deallocate. */
  public static final int MAY_UNMAP = 2;

  /** A write of zeroes fails with ENOTSUP rather than writing buffers of zeroes. */
  public static final int NO_FALLBACK = 4;

  /** The write does not change the visible content (needs WRITE_UNCHANGED, not WRITE). */
  public static final int WRITE_UNCHANGED = 8;

  /** The data is to be stored compressed. */
  public static final int COMPRESSED = 16;

  /** Waits for overlapping requests and makes later overlapping requests wait. */
  public static final int SERIALISING = 32;

  /** The data read is not looked at: the request only copies on read. */
  public static final int PREFETCH = 64;

  private RequestFlags() {}
}
