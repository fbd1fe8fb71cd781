// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/** Hears of damage found in an image and of messages for standard error. Any thread. */
public interface CorruptionListener {
  /** Tells nobody. */
  CorruptionListener SILENT =
      new CorruptionListener() {
        @Override
        public void imageCorrupted(String message, long offset, long size, boolean fatal) {}

        @Override
        public void report(String line) {}

        @Override
        public void error(String sentence) {}

        @Override
        public void warn(String sentence) {}
      };

  /**
   * The event BLOCK_IMAGE_CORRUPTED.
   *
   * @param offset bytes, -1 if absent
   * @param size bytes, -1 if absent
   * @param fatal whether the image was marked corrupt and can no longer be used
   */
  void imageCorrupted(String message, long offset, long size, boolean fatal);

  /** A line for standard error, without line end and program name. */
  void report(String line);

  /** An error for standard error, to stand behind the program's name. */
  void error(String sentence);

  /** Says that tables could not be written; both caches of QEMU are one list of changes here. */
  default void tablesLost(String why) {
    error("Failed to flush the L2 table cache: " + why);
    error("Failed to flush the refcount block cache: " + why);
  }

  /** A warning for standard error, to stand behind the program's name. */
  void warn(String sentence);
}
