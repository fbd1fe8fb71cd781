// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.nio.file.Path;

/**
 * What the build lets the packaged program do once, so that the JVM can keep the loaded and linked
 * classes in its AOT cache: everything that a usual start and the first commands touch. Must end by
 * returning, with all threads ended. Main thread.
 */
final class Training {
  private Training() {}

  /** Runs a server in {@code scratch}, an empty directory that the caller deletes. */
  static void run(Path scratch) throws InterruptedException {
    int unused = Main.run("-version");
  }
}
