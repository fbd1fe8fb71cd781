// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Permissions as byte locks: bytes, order, sentences, and the two phases. */
final class ImageLocksTest {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int RESIZE = 8;
  private static final int ALL = 15;

  @TempDir Path directory;
  private String path = "";

  @BeforeEach
  void image() throws BlockException {
    path = directory.resolve("disk").toString();
    HostFiles.create(path, 4096, Preallocation.OFF);
  }

  /** One open of an image, seen from the lock table that all share. */
  private static final class TableLocks implements ByteLocks {
    final Set<Long> mine = new TreeSet<>();
    final List<String> calls = new ArrayList<>();
    Set<Long> others = Set.of();
    long refused;

    @Override
    public int share(long at) {
      calls.add("+" + at);
      if (at == refused) {
        return -Errno.EAGAIN.number();
      }
      mine.add(at);
      return 0;
    }

    @Override
    public int unlock(long at) {
      calls.add("-" + at);
      mine.remove(at);
      return 0;
    }

    @Override
    public boolean heldByOthers(long at) {
      calls.add("?" + at);
      return others.contains(at);
    }
  }

  private static String failure(ImageLocks locks, int used, int shared) {
    BlockException e =
        catchThrowableOfType(BlockException.class, () -> locks.prepare(used, shared));
    assertThat(e).as("the lock was granted").isNotNull();
    return e.message();
  }

  @Test
  void locksFirstAndLooksAfterwards() throws Exception {
    TableLocks table = new TableLocks();
    ImageLocks locks = new ImageLocks(table);
    locks.prepare(WRITE | RESIZE, ALL & ~RESIZE);
    assertThat(table.calls).containsExactly("+101", "+103", "+203", "?201", "?203", "?103");
    locks.commit(WRITE | RESIZE, ALL & ~RESIZE);
    assertThat(table.calls).hasSize(6);
  }

  @Test
  void nothingIsAskedWhenNoMoreIsNeeded() throws Exception {
    TableLocks table = new TableLocks();
    ImageLocks locks = new ImageLocks(table);
    locks.prepare(0, ALL);
    assertThat(table.calls).isEmpty();
    locks.prepare(READ | WRITE, ALL);
    locks.commit(READ | WRITE, ALL);
    table.calls.clear();
    locks.prepare(READ, ALL);
    assertThat(table.calls).isEmpty();
    locks.commit(READ, ALL);
    assertThat(table.calls).containsExactly("-101");
  }

  @Test
  void aRefusalLeavesTheOldState() throws Exception {
    TableLocks table = new TableLocks();
    ImageLocks locks = new ImageLocks(table);
    locks.prepare(READ, ALL);
    locks.commit(READ, ALL);
    table.others = Set.of(201L);
    assertThat(failure(locks, READ | WRITE, ALL & ~WRITE))
        .isEqualTo("Failed to get \"write\" lock");
    assertThat(table.mine).containsExactly(100L);
    table.others = Set.of(101L);
    assertThat(failure(locks, READ, ALL & ~WRITE)).isEqualTo("Failed to get shared \"write\" lock");
    assertThat(table.mine).containsExactly(100L);
    table.others = Set.of();
    table.refused = 203;
    assertThat(failure(locks, READ, 0)).isEqualTo("Failed to lock byte 203");
    assertThat(table.mine).containsExactly(100L);
  }

  @Test
  void anAbortedChangeIsUndone() throws Exception {
    TableLocks table = new TableLocks();
    ImageLocks locks = new ImageLocks(table);
    locks.prepare(READ | WRITE, ALL & ~WRITE);
    locks.abort();
    assertThat(table.mine).isEmpty();
  }

  @Test
  void betweenPrepareAndCommitBothStatesAreHeld() throws Exception {
    TableLocks table = new TableLocks();
    ImageLocks locks = new ImageLocks(table);
    locks.prepare(WRITE, ALL & ~WRITE);
    locks.commit(WRITE, ALL & ~WRITE);
    locks.prepare(READ, ALL);
    assertThat(table.mine).contains(100L, 101L, 201L);
    locks.commit(READ, ALL);
    assertThat(table.mine).containsExactly(100L);
  }

  @Test
  void twoOpensOfOneFileKeepEachOtherOut() throws Exception {
    try (HostFile first = HostFiles.open(path, HostOpen.regular(true));
        HostFile second = HostFiles.open(path, HostOpen.regular(true))) {
      first.locks().prepare(READ | WRITE, ALL & ~WRITE);
      first.locks().commit(READ | WRITE, ALL & ~WRITE);
      assertThat(failure(second.locks(), READ | WRITE, ALL))
          .isEqualTo("Failed to get \"write\" lock");
      assertThat(failure(second.locks(), READ, ALL & ~WRITE))
          .isEqualTo("Failed to get shared \"write\" lock");
      second.locks().prepare(READ, ALL);
      first.locks().commit(READ, ALL);
      assertThatCode(() -> second.locks().prepare(READ | WRITE, ALL & ~WRITE))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void closingDropsTheLocks() throws Exception {
    HostFile first = HostFiles.open(path, HostOpen.regular(true));
    first.locks().prepare(WRITE, 0);
    first.close();
    try (HostFile second = HostFiles.open(path, HostOpen.regular(true))) {
      assertThatCode(() -> second.locks().prepare(WRITE, 0)).doesNotThrowAnyException();
    }
  }

  @Test
  void lockingOffNeitherLocksNorAsks() throws Exception {
    HostOpen unlocked = new HostOpen(true, false, false, HostFileType.REGULAR);
    try (HostFile first = HostFiles.open(path, HostOpen.regular(true));
        HostFile second = HostFiles.open(path, unlocked);
        HostFile third = HostFiles.open(path, HostOpen.regular(true))) {
      second.locks().prepare(WRITE, 0);
      first.locks().prepare(WRITE, 0);
      assertThatCode(() -> second.locks().prepare(ALL, 0)).doesNotThrowAnyException();
      assertThat(failure(third.locks(), WRITE, ALL)).contains("lock");
    }
  }

  @Test
  void theNextOpenOfAReopenedImageInheritsTheLocks() throws Exception {
    HostFile old = HostFiles.open(path, HostOpen.regular(false));
    old.locks().prepare(READ, ALL & ~WRITE);
    old.locks().commit(READ, ALL & ~WRITE);
    try (HostFile next = HostFiles.open(path, HostOpen.regular(true));
        HostFile stranger = HostFiles.open(path, HostOpen.regular(true))) {
      old.locks().prepare(READ | WRITE, ALL & ~WRITE);
      old.locks().copyTo(next);
      old.close();
      next.locks().commit(READ | WRITE, ALL & ~WRITE);
      assertThat(failure(stranger.locks(), WRITE, ALL)).isEqualTo("Failed to get \"write\" lock");
      assertThat(failure(stranger.locks(), READ, ALL & ~WRITE))
          .isEqualTo("Failed to get shared \"write\" lock");
      next.locks().commit(0, ALL);
      assertThatCode(() -> stranger.locks().prepare(WRITE, 0)).doesNotThrowAnyException();
    }
  }
}
