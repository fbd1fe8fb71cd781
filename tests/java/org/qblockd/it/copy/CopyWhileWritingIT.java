// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk is written at random while it is mirrored and backed up in every mode; each copy must hold
 * what it should by {@code qemu-img compare} and be clean by {@code qemu-img check}.
 *
 * <p>Each run has its own seed and prints it. Properties: {@code qblockd.copy.seed} repeats a run,
 * {@code qblockd.copy.session} only one session of it, {@code qblockd.copy.rounds} is the number of
 * copies, {@code qblockd.launcher} the server.
 */
final class CopyWhileWritingIT {
  private static final int ROUNDS_PER_START = 4;
  private static final int ROUNDS = Integer.getInteger("qblockd.copy.rounds", 100);
  private static final int ROUNDS_OF_QEMU = Math.min(ROUNDS, 20);

  @TempDir Path directory;

  @BeforeAll
  static void toolsAreInstalled() {
    Assumptions.assumeTrue(ImageTools.installed(), "qemu-img and qemu-io are not installed");
  }

  @Test
  void copiesHoldWhatTheDiskHeld() throws Exception {
    run(Programs.underTest(), ROUNDS);
  }

  /** What this test expects is what the real QEMU does. */
  @Test
  void copiesOfTheRealQemuDoToo() throws Exception {
    Assumptions.assumeTrue(ImageTools.onPath(Programs.QEMU), Programs.QEMU + " is not installed");
    run(Programs.QEMU, ROUNDS_OF_QEMU);
  }

  private void run(String program, int rounds) throws Exception {
    List<Copy> copies = Copy.all();
    if (!Programs.isOurs(program)) {
      copies.removeIf(Copy::isSpoiltByQemu);
    }
    long seed = Programs.seed();
    System.out.println("seed " + seed + " of copies by " + program);
    List<Copy> deck = deck(seed, copies, rounds);
    int only = Integer.getInteger("qblockd.copy.session", -1);
    for (int session = 0; session * ROUNDS_PER_START < rounds; session++) {
      int from = session * ROUNDS_PER_START;
      if (only < 0 || only == session) {
        session(program, seed, session, deck.subList(from, Math.min(rounds, from + 4)));
      }
    }
  }

  /** Every way to copy comes once before one comes again. */
  private static List<Copy> deck(long seed, List<Copy> copies, int rounds) {
    Random random = new Random(seed);
    List<Copy> deck = new ArrayList<>();
    while (deck.size() < rounds) {
      List<Copy> all = new ArrayList<>(copies);
      Collections.shuffle(all, random);
      deck.addAll(all);
    }
    return deck;
  }

  private void session(String program, long seed, int number, List<Copy> copies) throws Exception {
    Path place = Files.createDirectory(directory.resolve("s" + number));
    try (CopySession session =
        CopySession.start(program, place, new Random(seed * 1_000 + number))) {
      try {
        for (int i = 0; i < copies.size(); i++) {
          session.copy(copies.get(i), copies.subList(i + 1, copies.size()));
        }
        session.finish();
      } catch (AssertionError | IOException e) {
        String again =
            "-Dqblockd.copy.seed=%d -Dqblockd.copy.session=%d -Dqblockd.copy.rounds=%d"
                .formatted(seed, number, ROUNDS);
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
