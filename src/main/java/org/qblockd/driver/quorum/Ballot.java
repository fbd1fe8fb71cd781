// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.quorum;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * The votes of children over what they read or why they failed. Most votes win; of several with as
 * many, the one that came up last, as in QEMU. Confined to one thread.
 */
final class Ballot {
  /**
   * Those who say the same.
   *
   * @param voters their indices in ascending order, at least one
   */
  record Party(List<Integer> voters) {
    int first() {
      return voters.getFirst();
    }
  }

  private final List<Party> parties = new ArrayList<>();

  /** The votes of those who did not fail; there is one. */
  Ballot(ByteBuffer[] answers, @Nullable BlockException[] failures) {
    for (int i = 0; i < answers.length; i++) {
      if (failures[i] == null) {
        vote(i, answers);
      }
    }
  }

  private void vote(int index, ByteBuffer[] answers) {
    for (Party party : parties) {
      if (answers[party.first()].equals(answers[index])) {
        party.voters().add(index);
        return;
      }
    }
    parties.add(new Party(new ArrayList<>(List.of(index))));
  }

  boolean unanimous() {
    return parties.size() == 1;
  }

  Party winner() {
    Party best = parties.getLast();
    for (Party party : parties.reversed()) {
      if (party.voters().size() > best.voters().size()) {
        best = party;
      }
    }
    return best;
  }

  /** Those outvoted, latest opinion and voter first: QEMU's order. */
  List<Integer> losers() {
    int winner = winner().first();
    List<Integer> losers = new ArrayList<>();
    for (Party party : parties.reversed()) {
      if (party.first() != winner) {
        losers.addAll(party.voters().reversed());
      }
    }
    return losers;
  }

  /** The commonest failure; of several the latest. */
  static BlockException commonest(@Nullable BlockException[] failures) {
    List<BlockException> latest = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (BlockException failure : failures) {
      if (failure != null) {
        count(failure, latest, counts);
      }
    }
    int best = counts.size() - 1;
    for (int i = best - 1; i >= 0; i--) {
      best = counts.get(i) > counts.get(best) ? i : best;
    }
    return BlockException.io(best < 0 ? Errno.EIO : latest.get(best).errno());
  }

  private static void count(
      BlockException failure, List<BlockException> latest, List<Integer> counts) {
    for (int i = 0; i < latest.size(); i++) {
      if (latest.get(i).errno() == failure.errno()) {
        counts.set(i, counts.get(i) + 1);
        return;
      }
    }
    latest.add(failure);
    counts.add(1);
  }
}
