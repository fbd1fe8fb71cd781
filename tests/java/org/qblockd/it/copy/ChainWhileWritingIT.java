// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk over a chain of images is written at random while images of the chain take over what
 * others hold: stream, commit of inner images, commit of the active one, one after another. The
 * disk must hold what was written, also after the server was killed in the middle.
 *
 * <p>Each run has its own seed and prints it. Properties as those of {@link CopyWhileWritingIT}.
 */
final class ChainWhileWritingIT {
  private static final int ROUNDS = Integer.getInteger("qblockd.copy.rounds", 30);
  private static final int ROUNDS_OF_QEMU = Math.min(ROUNDS, 10);

  @TempDir Path directory;

  @BeforeAll
  static void toolsAreInstalled() {
    Assumptions.assumeTrue(ImageTools.installed(), "qemu-img and qemu-io are not installed");
  }

  @Test
  void theDiskStaysTheSame() throws Exception {
    run(Programs.underTest(), ROUNDS);
  }

  /** What this test expects is what the real QEMU does. */
  @Test
  void theDiskOfTheRealQemuDoesToo() throws Exception {
    Assumptions.assumeTrue(ImageTools.onPath(Programs.QEMU), Programs.QEMU + " is not installed");
    run(Programs.QEMU, ROUNDS_OF_QEMU);
  }

  private void run(String program, int rounds) throws Exception {
    long seed = Programs.seed();
    System.out.println("seed " + seed + " of chains by " + program);
    int only = Integer.getInteger("qblockd.copy.session", -1);
    for (int number = 0; number < rounds; number++) {
      if (only < 0 || only == number) {
        session(program, seed, number);
      }
    }
  }

  private void session(String program, long seed, int number) throws Exception {
    Path place = Files.createDirectory(directory.resolve("c" + number));
    // Only our own server promises that a kill leaves clean images.
    boolean kills = Programs.isOurs(program) && number % 2 == 1;
    try (ChainSession session =
        ChainSession.start(program, place, new Random(seed * 1_000 + number))) {
      try {
        session.run(kills);
      } catch (AssertionError | IOException e) {
        String again = "-Dqblockd.copy.seed=%d -Dqblockd.copy.session=%d".formatted(seed, number);
        throw new AssertionError(
            "%s\nagain: %s\n%s\n--- server:\n%s"
                .formatted(
                    e.getMessage(), again, String.join("\n", session.log()), session.output()),
            e);
      }
    }
    Programs.delete(place);
  }
}
