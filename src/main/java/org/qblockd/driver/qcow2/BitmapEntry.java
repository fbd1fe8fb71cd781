// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * A bitmap as the image's directory lists it. Source: qcow2 specification, "Bitmap directory".
 *
 * @param granularityBits the logarithm of the bytes per bit
 * @param tableOffset where the table lies that lists the clusters of bits
 * @param tableSize entries of that table
 */
record BitmapEntry(String name, int granularityBits, int flags, long tableOffset, int tableSize) {
  /** The image was not closed since the bits were stored. */
  static final int IN_USE = 1;

  /** The bitmap records from the moment when the image is opened. */
  static final int AUTO = 2;

  boolean inUse() {
    return (flags & IN_USE) != 0;
  }

  boolean auto() {
    return (flags & AUTO) != 0;
  }

  BitmapEntry markedInUse() {
    return new BitmapEntry(name, granularityBits, flags | IN_USE, tableOffset, tableSize);
  }
}
