// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.bitmap;

/**
 * A change of bitmaps that is done but not settled: an action of a transaction settles it one way
 * or the other, a command at once. Control lane.
 */
public interface BitmapChange {
  /** The change stays. */
  default void commit() {}

  /** Everything is as before. */
  default void abort() {}
}
