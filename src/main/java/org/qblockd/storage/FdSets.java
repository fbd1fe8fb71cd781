// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Sets of descriptors that somebody else opened. Under the name {@code /dev/fdset/N} a set stands
 * for the one of its descriptors that has the access mode asked for; whoever opens that name gets a
 * duplicate. A set goes when it has neither descriptors nor duplicates. Any thread.
 */
public final class FdSets {
  private static final String PREFIX = "/dev/fdset/";
  private static final int O_ACCMODE = 3;
  private static final int O_SYNC = 0x101000;

  /**
   * O_APPEND, O_ASYNC, O_NOATIME: what F_SETFL may change beside Native's. Those are not here,
   * since each server has a {@code FdSets}, and Native takes long to link.
   */
  private static final int SETTABLE = 0x400 | 0x2000 | 0x40000;

  /**
   * A descriptor of a set.
   *
   * @param fd its number in this process
   * @param opaque what the client said about it
   */
  public record Member(int fd, Optional<String> opaque) {}

  /** A set as it is shown, its members in the order in which they came. */
  public record Shown(long id, List<Member> members) {}

  private static final class FdSet {
    final List<Member> members = new ArrayList<>();
    int duplicates;

    boolean isEmpty() {
      return members.isEmpty() && duplicates == 0;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Long, FdSet> sets = new TreeMap<>();
  private final Set<Integer> inherited = new HashSet<>();

  /** No sets. */
  public FdSets() {}

  /** Whether a name leads to a set. */
  public static boolean isName(String path) {
    return path.startsWith(PREFIX);
  }

  /**
   * Puts a descriptor, now its own, into a set.
   *
   * @param wanted the set, not negative; when there is none, a new one with the lowest free id
   * @return the set's id
   */
  public long add(Optional<Long> wanted, int fd, Optional<String> opaque) {
    lock.lock();
    try {
      long id = wanted.isPresent() ? wanted.get() : lowestFree();
      sets.computeIfAbsent(id, unused -> new FdSet()).members.add(new Member(fd, opaque));
      return id;
    } finally {
      lock.unlock();
    }
  }

  private long lowestFree() {
    long id = 0;
    while (sets.containsKey(id)) {
      id++;
    }
    return id;
  }

  /**
   * Takes a duplicate of an inherited descriptor into a set, which the option {@code -add-fd} asks
   * for.
   *
   * @throws BlockException in the words that follow the option
   */
  public void inherit(long id, int fd, Optional<String> opaque) throws BlockException {
    if (fd <= 2) {
      throw BlockException.invalid("fd cannot be a standard I/O stream");
    }
    int flags = Native.fcntl(fd, Native.F_GETFD, 0);
    if (flags < 0 || (flags & Native.FD_CLOEXEC) != 0) {
      // What is open here with that flag is this program's own.
      throw BlockException.invalid("fd is not valid or already in use");
    }
    int duplicate = Native.fcntl(fd, Native.F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) {
      throw BlockException.withErrno(Errno.of(-duplicate), "error duplicating fd");
    }
    long unused = add(Optional.of(id), duplicate, opaque);
    lock.lock();
    try {
      inherited.add(fd);
    } finally {
      lock.unlock();
    }
  }

  /** Closes what {@link #inherit} has duplicated; a descriptor may have been inherited twice. */
  public void closeInherited() {
    lock.lock();
    try {
      for (int fd : inherited) {
        int unused = Native.close(fd);
      }
      inherited.clear();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes a set's members, or one of them. Duplicates live on.
   *
   * @return whether there was such a set, or member
   */
  public boolean remove(long id, Optional<Long> fd) {
    lock.lock();
    try {
      FdSet set = sets.get(id);
      if (set == null) {
        return false;
      }
      boolean found = fd.isEmpty();
      for (Member member : List.copyOf(set.members)) {
        if (fd.isEmpty() || fd.get() == member.fd()) {
          found = true;
          set.members.remove(member);
          int unused = Native.close(member.fd());
        }
      }
      dropIfEmpty(id, set);
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** All sets, the highest id first. */
  public List<Shown> all() {
    lock.lock();
    try {
      List<Shown> shown = new ArrayList<>();
      sets.forEach((id, set) -> shown.add(new Shown(id, List.copyOf(set.members))));
      return shown.reversed();
    } finally {
      lock.unlock();
    }
  }

  /** A duplicate of a set's descriptor; whoever has closed it says so. */
  final class Duplicate {
    private final int fd;
    private final long id;

    private Duplicate(int fd, long id) {
      this.fd = fd;
      this.id = id;
    }

    int fd() {
      return fd;
    }

    void closed() {
      lock.lock();
      try {
        FdSet set = sets.get(id);
        if (set != null) {
          set.duplicates--;
          dropIfEmpty(id, set);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Opens a name that {@link #isName} accepts.
   *
   * @param flags as for open(2)
   */
  Duplicate open(String path, int flags) throws BlockException {
    long id = parse(path);
    lock.lock();
    try {
      FdSet set = sets.get(id);
      if (set == null) {
        throw BlockException.of(Errno.ENOENT, "Failed to find fdset " + path);
      }
      Member member = withMode(set, flags & O_ACCMODE);
      if (member == null) {
        String wanted = "0x" + Integer.toHexString(flags & O_ACCMODE);
        throw BlockException.of(
            Errno.EACCES, "Failed to find file descriptor with matching flags=" + wanted);
      }
      int duplicate = duplicate(member.fd(), flags);
      if (duplicate < 0) {
        throw BlockException.withErrno(
            Errno.of(-duplicate), "Failed to dup() given file descriptor fd");
      }
      set.duplicates++;
      return new Duplicate(duplicate, id);
    } finally {
      lock.unlock();
    }
  }

  private static long parse(String path) throws BlockException {
    String digits = path.substring(PREFIX.length());
    boolean number = !digits.isEmpty() && digits.length() < 20;
    for (int i = 0; i < digits.length(); i++) {
      number &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    try {
      if (number) {
        return Long.parseLong(digits);
      }
    } catch (NumberFormatException tooLarge) {
      // Told below like every other wrong name.
    }
    throw BlockException.invalid("Could not parse fdset " + path);
  }

  private static @Nullable Member withMode(FdSet set, int mode) {
    // QEMU looks at the newest first.
    for (Member member : set.members.reversed()) {
      int flags = Native.fcntl(member.fd(), Native.F_GETFL, 0);
      if (flags >= 0 && (flags & O_ACCMODE) == mode) {
        return member;
      }
    }
    return null;
  }

  private static int duplicate(int fd, int flags) {
    int now = Native.fcntl(fd, Native.F_GETFL, 0);
    if (now < 0 || (now & O_SYNC) != (flags & O_SYNC)) {
      return now < 0 ? now : -Errno.EINVAL.number();
    }
    int duplicate = Native.fcntl(fd, Native.F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) {
      return duplicate;
    }
    int settable = SETTABLE | Native.O_NONBLOCK | Native.O_DIRECT;
    int result =
        Native.fcntl(duplicate, Native.F_SETFL, now & ~settable | flags & settable & ~O_SYNC);
    if (result < 0) {
      int unused = Native.close(duplicate);
      return result;
    }
    return duplicate;
  }

  private void dropIfEmpty(long id, FdSet set) {
    if (set.isEmpty()) {
      sets.remove(id);
    }
  }
}
