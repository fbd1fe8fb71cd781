// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * The options that every node has, whatever its driver.
 *
 * @param readOnly whether writes are refused
 * @param autoReadOnly whether the driver may fall back to read-only when it cannot write
 * @param cacheDirect whether the host's page cache is bypassed
 * @param cacheNoFlush whether flushes are not passed on
 * @param discardUnmap whether discards are passed on
 * @param detectZeroes what happens to writes of zeroes
 * @param forceShare whether the image is opened without excluding others (read-only nodes only)
 */
public record NodeOptions(
    boolean readOnly,
    boolean autoReadOnly,
    boolean cacheDirect,
    boolean cacheNoFlush,
    boolean discardUnmap,
    DetectZeroes detectZeroes,
    boolean forceShare) {
  /** What a node has when nothing is said. */
  public static final NodeOptions DEFAULT =
      new NodeOptions(false, false, false, false, false, DetectZeroes.OFF, false);

  /** The same, opened without excluding others or not. */
  public NodeOptions withForceShare(boolean value) {
    return new NodeOptions(
        readOnly, autoReadOnly, cacheDirect, cacheNoFlush, discardUnmap, detectZeroes, value);
  }

  /** The same, read-only or not. */
  public NodeOptions withReadOnly(boolean value) {
    return new NodeOptions(
        value, autoReadOnly, cacheDirect, cacheNoFlush, discardUnmap, detectZeroes, forceShare);
  }
}
