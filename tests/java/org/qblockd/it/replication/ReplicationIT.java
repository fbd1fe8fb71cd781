// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The table of writes between two processes over NBD: several rounds of checkpoints and failovers
 * in both directions, kill -9 at any write; ours with ours and with the real QEMU on either side.
 * The property {@code qblockd.replication.rounds} says how many kills there are per pair, {@code
 * qblockd.replication.seed} repeats a run.
 */
@Timeout(300)
final class ReplicationIT {
  private static final String OURS = Tools.underTest();

  @TempDir Path directory;

  private final long seed =
      Long.getLong("qblockd.replication.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);

  @BeforeEach
  void toolsAreInstalled() {
    assumeTrue(Tools.installed("qemu-img"), "qemu-img is not installed");
  }

  private static String program(String who) {
    if (who.equals("ours")) {
      return OURS;
    }
    assumeTrue(Tools.installed(Tools.QEMU), Tools.QEMU + " is not installed");
    return Tools.QEMU;
  }

  @ParameterizedTest(name = "primary {0}, secondary {1}")
  @CsvSource({"ours, ours", "ours, qemu", "qemu, ours"})
  void writesGoWhereTheTableSays(String primary, String secondary) throws Exception {
    try (Pair pair = Pair.start(program(primary), program(secondary), directory, random)) {
      for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
        pair.write(10);
        pair.compareRunning();
        pair.checkpoint();
        pair.compareRunning();
      }
      pair.write(10);
      pair.secondaryFailsOver();
      pair.resume(program(primary), true);
      pair.write(10);
      pair.checkpoint();
      pair.write(5);
      pair.compareRunning();
      pair.primaryFailsOver();
      pair.resume(program(secondary), false);
      pair.write(5);
      pair.compareRunning();
      assertThat(pair.primary().complaints()).as("seed " + seed).isEmpty();
      assertThat(pair.secondary().complaints()).as("seed " + seed).isEmpty();
      pair.primary().quit();
      pair.secondary().quit();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  @ParameterizedTest(name = "primary {0}, secondary {1}")
  @CsvSource({"ours, ours", "ours, qemu", "qemu, ours"})
  void killedAtAnyWrite(String primary, String secondary) throws Exception {
    int rounds = Integer.getInteger("qblockd.replication.rounds", 2);
    String first = program(primary);
    String second = program(secondary);
    try (Pair pair = Pair.start(first, second, directory, random)) {
      for (int round = 0; round < rounds; round++) {
        pair.write(random.nextInt(6));
        if (random.nextBoolean()) {
          pair.checkpoint();
          pair.write(random.nextInt(6));
        }
        boolean killPrimary = round % 2 == 0;
        if (killPrimary) {
          // Whatever the write has done by then is undone by the failover.
          pair.sendWrite();
          pair.primary().kill();
          pair.secondaryFailsOver();
        } else {
          pair.secondary().kill();
          pair.writeAlone();
          pair.primaryFailsOver();
        }
        pair.resume(killPrimary ? first : second, killPrimary);
        pair.compareRunning();
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
