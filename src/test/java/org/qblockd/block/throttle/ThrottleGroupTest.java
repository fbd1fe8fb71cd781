// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;
import org.qblockd.base.ManualClock;

class ThrottleGroupTest {
  private static final long SECOND = 1_000_000_000;

  private final ManualClock clock = new ManualClock();
  private final ThrottleGroups groups = new ThrottleGroups(clock);
  private final ThrottleGroup group = groups.use("g");
  private final Semaphore done = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();

  private ThrottleMember member(AtomicInteger drains) {
    ThrottleMember member = new ThrottleMember(drains);
    member.join(groups.use("g"));
    return member;
  }

  /** Starts requests one after another: each waits in the group before the next one comes. */
  private void read(ThrottleMember member, int requests) throws InterruptedException {
    for (int i = 0; i < requests; i++) {
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                member.await(Direction.READ, 512);
                done.release();
              });
      threads.add(thread);
      while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
        Thread.onSpinWait();
      }
    }
  }

  private void limit(Rate rate) {
    group.configure(ThrottleConfig.UNLIMITED.with(RateKind.IOPS_READ, rate));
  }

  @Test
  void requestsAboveTheRateWaitForTheirTime() throws InterruptedException {
    limit(new Rate(10, 0, 1));
    ThrottleMember member = member(new AtomicInteger());
    // One over the tenth of a second that may come at once; the others wait.
    read(member, 4);
    assertThat(done.tryAcquire(2)).isTrue();
    assertThat(done.availablePermits()).isZero();
    clock.advance(SECOND / 10);
    done.acquire();
    assertThat(done.availablePermits()).isZero();
    clock.advance(SECOND / 10);
    done.acquire();
  }

  @Test
  void membersTakeTurns() throws InterruptedException {
    limit(new Rate(10, 0, 1));
    ThrottleMember first = member(new AtomicInteger());
    ThrottleMember second = member(new AtomicInteger());
    read(first, 4);
    read(second, 2);
    assertThat(done.tryAcquire(2)).isTrue();
    clock.advance(SECOND / 10);
    clock.advance(SECOND / 10);
    done.acquire(2);
    assertThat(first.side(Direction.READ).waiting).hasSize(1);
    assertThat(second.side(Direction.READ).waiting).hasSize(1);
    first.retry();
    second.retry();
  }

  @Test
  void drainLetsEverythingThrough() throws InterruptedException {
    limit(new Rate(1, 0, 1));
    AtomicInteger drains = new AtomicInteger();
    ThrottleMember member = member(drains);
    read(member, 5);
    drains.incrementAndGet();
    member.retry();
    done.acquire(5);
    assertThat(clock.waiting()).isZero();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void groupLivesAsLongAsItIsUsed() {
    ThrottleMember member = member(new AtomicInteger());
    assertThat(groups.shared(group)).isTrue();
    member.leave();
    assertThat(groups.shared(group)).isFalse();
    group.release();
    assertThat(groups.find("g")).isNull();
  }

  @Test
  void totalAndDirectionExcludeEachOther() {
    ThrottleConfig both =
        ThrottleConfig.UNLIMITED
            .with(RateKind.BPS_TOTAL, new Rate(5, 0, 1))
            .with(RateKind.BPS_WRITE, new Rate(5, 0, 1));
    assertThatThrownBy(both::check)
        .isInstanceOf(BlockException.class)
        .hasMessageContaining("cannot be used at the same time");
  }
}
