// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random disks, jobs, bitmaps, client writes and failing storage, compared with a model in memory;
 * see {@link Simulation}.
 *
 * <p>Each run takes its own seeds and prints the first. Properties: {@code qblockd.simulation.seed}
 * is the first seed, {@code qblockd.simulation.seeds} their number; thousands of them by
 *
 * <pre>mvn -Dquick test-compile surefire:test -Dtest=SimulationTest -Dqblockd.simulation.seeds=5000
 * </pre>
 */
@Timeout(3600)
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("qblockd.simulation.seeds", 0);

  @TempDir Path directory;

  @Test
  void disksHoldWhatTheModelHolds() throws Exception {
    Assumptions.assumeTrue(SEEDS > 0, "runs with -Dqblockd.simulation.seeds=N");
    long first = Long.getLong("qblockd.simulation.seed", new Random().nextInt(1_000_000_000));
    System.out.println("simulation: " + SEEDS + " seeds from " + first);
    for (long seed = first; seed < first + SEEDS; seed++) {
      Path place = Files.createDirectory(directory.resolve("s" + seed));
      StringBuilder log = new StringBuilder();
      try (Simulation simulation = new Simulation(place, new Random(seed), log)) {
        simulation.run();
      } catch (Throwable wrong) {
        throw new AssertionError(
            "-Dqblockd.simulation.seed=%d -Dqblockd.simulation.seeds=1\n%s".formatted(seed, log),
            wrong);
      }
      SimulatedImages.delete(place);
    }
    assertThat(SEEDS).isPositive();
  }
}
