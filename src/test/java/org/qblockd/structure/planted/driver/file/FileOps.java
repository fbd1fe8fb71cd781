// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure.planted.driver.file;

/** Planted: what a sibling uses. */
public final class FileOps {
  private FileOps() {}

  /** Planted. */
  public static int answer() {
    return 1;
  }
}
