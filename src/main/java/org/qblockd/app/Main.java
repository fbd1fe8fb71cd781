// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.nio.file.Path;

/**
 * The program's entry. Main thread.
 *
 * <p>The launcher hands over the name that the program was called by in the property {@code
 * qblockd.argv0}; messages begin with its last part, as QEMU's do. With {@code qblockd.training}
 * set, the build asks for a training run ({@link Training}).
 */
public final class Main {
  private Main() {}

  /** Runs the program; arguments are QEMU's. */
  public static void main(String[] args) throws Exception {
    String training = System.getProperty("qblockd.training");
    if (training != null) {
      Training.run(Path.of(training));
      return;
    }
    run(args);
  }

  static void run(String... args) {
    if (args.length == 1 && (args[0].equals("-version") || args[0].equals("--version"))) {
      System.out.println("qblockd version " + Main.class.getPackage().getImplementationVersion());
      return;
    }
    System.err.println(name() + ": only -version is served yet");
    System.exit(1);
  }

  private static String name() {
    String argv0 = System.getProperty("qblockd.argv0", "qblockd");
    return argv0.substring(argv0.lastIndexOf('/') + 1);
  }
}
