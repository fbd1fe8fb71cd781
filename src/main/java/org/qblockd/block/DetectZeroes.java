// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** What a node does with writes of nothing but zeroes: the option {@code detect-zeroes}. */
public enum DetectZeroes {
  /** Writes them as they are. */
  OFF,
  /** Turns them into a write of zeroes. */
  ON,
  /** Turns them into a write of zeroes that may deallocate. */
  UNMAP
}
