// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.process;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A file that holds the process id, locked for as long as the process lives, so that two servers
 * cannot have the same one. Main thread; {@link #remove} from any thread.
 */
public final class PidFile {
  private static final int O_RDWR_CREAT_CLOEXEC = 2 | 0x40 | 0x80000;
  private static final int MODE = 0600;
  private static final int F_OFD_SETLK = 37;
  private static final short F_WRLCK = 1;
  private static final int FLOCK_BYTES = 32;

  private static final MethodHandle OPEN = SystemCalls.link("open");
  private static final MethodHandle FCNTL = SystemCalls.link("fcntl");
  private static final MethodHandle FTRUNCATE = SystemCalls.link("ftruncate");
  private static final MethodHandle WRITE = SystemCalls.link("write");
  private static final MethodHandle CLOSE = SystemCalls.link("close");

  private final String name;
  private final int fd;

  private PidFile(String name, int fd) {
    // A daemon changes its directory.
    this.name = Path.of(name).toAbsolutePath().toString();
    this.fd = fd;
  }

  /**
   * Creates the file, or takes over one that no process holds.
   *
   * @throws BlockException with QEMU's sentence
   */
  public static PidFile write(String name) throws BlockException {
    SystemCalls calls = new SystemCalls();
    while (true) {
      int fd = open(calls, name);
      try {
        lock(calls, fd);
        // The process that had it may have removed it between our opening and locking it.
        if (isStillThere(name, fd)) {
          fill(calls, fd);
          return new PidFile(name, fd);
        }
      } catch (BlockException failed) {
        calls.call(CLOSE, fd, 0, 0);
        throw failed;
      }
      calls.call(CLOSE, fd, 0, 0);
    }
  }

  private static int open(SystemCalls calls, String name) throws BlockException {
    int fd;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(name, UTF_8);
      fd = calls.call(OPEN, path.address(), O_RDWR_CREAT_CLOEXEC, MODE);
    }
    return check(fd, "Could not create '" + name + "'");
  }

  private static void lock(SystemCalls calls, int fd) throws BlockException {
    try (Arena arena = Arena.ofConfined()) {
      // From offset 0, all of it.
      MemorySegment flock = arena.allocate(FLOCK_BYTES, 8);
      flock.set(JAVA_SHORT, 0, F_WRLCK);
      check(calls.call(FCNTL, fd, F_OFD_SETLK, flock.address()), "Cannot lock pid file");
    }
  }

  private static boolean isStillThere(String name, int fd) throws BlockException {
    try {
      Object ours = Files.getAttribute(Path.of("/proc/self/fd/" + fd), "unix:ino");
      return ours.equals(Files.getAttribute(Path.of(name), "unix:ino"));
    } catch (NoSuchFileException removed) {
      return false;
    } catch (IOException e) {
      throw BlockException.of(Errno.EIO, "Cannot stat file: " + e.getMessage());
    }
  }

  private static void fill(SystemCalls calls, int fd) throws BlockException {
    check(calls.call(FTRUNCATE, fd, 0, 0), "Failed to truncate pid file");
    byte[] text = (ProcessHandle.current().pid() + "\n").getBytes(UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(text.length);
      MemorySegment.copy(MemorySegment.ofArray(text), 0, bytes, 0, text.length);
      check(calls.call(WRITE, fd, bytes.address(), text.length), "Failed to write pid file");
    }
  }

  private static int check(int result, String what) throws BlockException {
    if (result < 0) {
      throw BlockException.withErrno(Errno.of(-result), what);
    }
    return result;
  }

  /** Removes the file. */
  public void remove() {
    boolean unused = Path.of(name).toFile().delete();
    new SystemCalls().call(CLOSE, fd, 0, 0);
  }
}
