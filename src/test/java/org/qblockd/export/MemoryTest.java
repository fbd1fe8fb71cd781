// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What connections may hold. */
class MemoryTest {
  private static final int PIECE = 1 << 20;

  @Test
  void oneConnectionCannotTakeEverything() {
    Memory memory = new Memory();
    int taken = takeAll(memory.share());
    assertThat(taken).isPositive();
    assertThat(memory.share().take(PIECE)).isTrue();
  }

  @Test
  void manyConnectionsTogetherStayBelowTheLimitAndGiveBack() {
    Memory memory = new Memory();
    List<Memory.Share> shares = new ArrayList<>();
    int total = 0;
    for (int i = 0; i < 1000; i++) {
      Memory.Share share = memory.share();
      shares.add(share);
      total += takeAll(share);
    }
    assertThat(total).isLessThanOrEqualTo(64);
    assertThat(memory.share().take(PIECE)).isFalse();
    shares.getFirst().giveBack(PIECE);
    assertThat(memory.share().take(PIECE)).isTrue();
  }

  private static int takeAll(Memory.Share share) {
    int taken = 0;
    while (share.take(PIECE)) {
      taken++;
    }
    return taken;
  }
}
