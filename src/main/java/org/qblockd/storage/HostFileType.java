// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

/** What a path must lead to, with the driver name that QEMU's messages give. */
public enum HostFileType {
  /** A regular file. */
  REGULAR("file", "a regular file"),
  /** A block or character device. */
  DEVICE("host_device", "either a character or block device");

  private final String driver;
  private final String wanted;

  HostFileType(String driver, String wanted) {
    this.driver = driver;
    this.wanted = wanted;
  }

  /** The name of the block driver for such files. */
  public String driver() {
    return driver;
  }

  boolean accepts(int statusType) {
    return switch (this) {
      case REGULAR -> statusType == Native.S_IFREG;
      case DEVICE -> statusType == Native.S_IFBLK || statusType == Native.S_IFCHR;
    };
  }

  String refusal(String path) {
    return "'" + driver + "' driver requires '" + path + "' to be " + wanted;
  }
}
