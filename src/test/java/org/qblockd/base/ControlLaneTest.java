// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlLaneTest {
  private final ControlLane lane = new ControlLane();
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void end() {
    lane.close();
  }

  @Test
  void commandsRunInOrder() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    for (int i = 0; i < 100; i++) {
      String name = Integer.toString(i);
      lane.execute(() -> seen.add(name));
    }
    lane.execute(done::countDown);
    done.await();
    assertThat(seen).hasSize(100).startsWith("0", "1", "2").endsWith("99");
  }

  @Test
  void completionsRunWhileACommandWaitsButCommandsDoNot() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean busy = new AtomicBoolean(true);
    lane.execute(() -> {
      lane.execute(() -> {
        seen.add("next command");
        done.countDown();
      });
      lane.post(() -> {
        seen.add("completion");
        busy.set(false);
      });
      lane.pollWhile(busy::get);
      seen.add("first command");
    });
    done.await();
    assertThat(seen).containsExactly("completion", "first command", "next command");
  }

  @Test
  void aKickWakesTheWaitingCommand() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean busy = new AtomicBoolean(true);
    lane.execute(() -> {
      waiting.countDown();
      lane.pollWhile(busy::get);
      done.countDown();
    });
    waiting.await();
    busy.set(false);
    lane.kick();
    done.await();
    assertThat(done.getCount()).isZero();
  }

  @Test
  void anIdleLaneIsTakenByTheCaller() {
    Thread[] ran = new Thread[1];
    lane.executeHere(() -> ran[0] = Thread.currentThread());
    assertThat(ran[0]).isSameAs(Thread.currentThread());
  }

  @Test
  void onlyOneThreadHoldsTheLane() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger count = new AtomicInteger();
    Runnable command =
        () -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          count.incrementAndGet();
          inside.decrementAndGet();
        };
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 2000; round++) {
                  lane.executeHere(command);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    CountDownLatch done = new CountDownLatch(1);
    lane.execute(done::countDown);
    done.await();
    assertThat(most.get()).isEqualTo(1);
    assertThat(count.get()).isEqualTo(8000);
  }

  @Test
  void othersAreNotOnTheLane() {
    assertThatThrownBy(lane::check).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void goesOnAfterABug() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    lane.execute(() -> {
      throw new IllegalStateException("a bug, on purpose");
    });
    lane.execute(done::countDown);
    done.await();
  }
}
