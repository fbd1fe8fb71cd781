// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random disks, jobs, snapshots, transactions, bitmaps, client writes, failing storage and power
 * cuts, compared with a model in memory; see {@link Simulation}.
 *
 * <p>Each run takes its own seeds and prints the first. Properties: {@code qblockd.simulation.seed}
 * is the first seed, {@code qblockd.simulation.seeds} their number (300, and one when a seed is
 * given).
 */
@Timeout(3600)
class SimulationTest {
  private static final String SEED = "qblockd.simulation.seed";
  private static final int SEEDS =
      Integer.getInteger("qblockd.simulation.seeds", Long.getLong(SEED) == null ? 300 : 1);
  private static final int AT_ONCE = Math.min(4, Runtime.getRuntime().availableProcessors());

  @TempDir Path directory;

  @Test
  void disksHoldWhatTheModelHolds() throws Exception {
    long first = Long.getLong(SEED, new Random().nextInt(1_000_000_000));
    System.out.println("simulation: " + SEEDS + " seeds from " + first);
    List<String> wrong = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<String>> runs = new ArrayList<>();
      for (long seed = first; seed < first + SEEDS; seed++) {
        long one = seed;
        runs.add(threads.submit(() -> run(one)));
      }
      for (Future<String> run : runs) {
        wrong.add(run.get());
      }
    }
    wrong.removeIf(String::isEmpty);
    assertThat(wrong).isEmpty();
  }

  /** What went wrong with a seed, and how to see it again; empty if nothing. */
  private String run(long seed) throws Exception {
    Path place = Files.createDirectory(directory.resolve("s" + seed));
    StringBuilder log = new StringBuilder();
    try (Simulation simulation = new Simulation(place, new Random(seed), log)) {
      simulation.run();
      return "";
    } catch (Exception | AssertionError wrong) {
      StringBuilder stack = new StringBuilder(wrong + "\n");
      for (StackTraceElement each : wrong.getStackTrace()) {
        stack.append("  at ").append(each).append('\n');
      }
      return "-D%s=%d\n%s%s".formatted(SEED, seed, log, stack);
    } finally {
      SimulatedImages.delete(place);
    }
  }
}
