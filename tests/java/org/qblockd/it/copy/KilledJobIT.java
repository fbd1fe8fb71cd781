// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server that is killed (-9) while a job of each kind runs and a guest writes: images are sound,
 * what was flushed is there (of a raw image all that was answered), and a journaled bitmap knows of
 * each write that was answered; without the journal it is inconsistent. It is killed after the
 * reply to a seeded write, with others under way.
 *
 * <p>Properties: {@code qblockd.kill.jobs} is the number of rounds of two kills for each kind (1),
 * {@code qblockd.copy.seed} repeats a run.
 */
final class KilledJobIT {
  private static final int ROUNDS = Integer.getInteger("qblockd.kill.jobs", 1);

  @TempDir Path directory;

  @BeforeAll
  static void toolsAreInstalled() {
    Assumptions.assumeTrue(ImageTools.installed(), "qemu-img and qemu-io are not installed");
  }

  @ParameterizedTest
  @EnumSource(KilledSession.Kind.class)
  void losesNothing(KilledSession.Kind kind) throws Exception {
    long seed = Programs.seed();
    System.out.println("seed " + seed + " of kills during " + kind);
    for (int round = 0; round < ROUNDS; round++) {
      for (boolean second : List.of(false, true)) {
        boolean raw = second && !kind.needsChain();
        long one = seed + 2L * round + (second ? 1 : 0);
        Path place = Files.createDirectory(directory.resolve("k" + one));
        KilledSession session = new KilledSession(place, new Random(one), raw);
        try {
          session.runAndKill(kind);
          session.verify();
        } catch (AssertionError failed) {
          throw new AssertionError("seed " + one + ": " + failed.getMessage(), failed);
        }
        Programs.delete(place);
      }
    }
    assertThat(ROUNDS).isPositive();
  }
}
