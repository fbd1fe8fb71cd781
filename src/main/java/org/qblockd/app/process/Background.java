// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * The process as a daemon. It is the launcher that goes on alone, since a JVM cannot fork; it waits
 * for a byte on the descriptor named by the property {@code qblockd.ready}. Main thread.
 */
public final class Background {
  private static final String READY = "qblockd.ready";
  private static final int O_RDWR_CLOEXEC = 2 | 0x80000;
  private static final int STANDARD_DESCRIPTORS = 3;

  private static final MethodHandle SETSID = SystemCalls.link("setsid");
  private static final MethodHandle CHDIR = SystemCalls.link("chdir");
  private static final MethodHandle OPEN = SystemCalls.link("open");
  private static final MethodHandle DUP2 = SystemCalls.link("dup2");
  private static final MethodHandle WRITE = SystemCalls.link("write");
  private static final MethodHandle CLOSE = SystemCalls.link("close");

  private final SystemCalls calls = new SystemCalls();
  private final int launcher;

  private Background(int launcher) {
    this.launcher = launcher;
  }

  /** Leaves the caller's session. */
  public static Background enter() throws BlockException {
    Integer launcher = Integer.getInteger(READY);
    if (launcher == null) {
      throw BlockException.of(Errno.ENOTSUP, "only the launcher bin/qblockd can make a daemon");
    }
    Background background = new Background(launcher);
    background.call(SETSID, "Cannot make a session", 0, 0, 0);
    return background;
  }

  /**
   * Lets the caller go on: all is open.
   *
   * @param keepErrors whether standard error stays, as with a log
   */
  public void ready(boolean keepErrors) throws BlockException {
    System.out.flush();
    int nothing;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment root = arena.allocateFrom("/", UTF_8);
      call(CHDIR, "not able to chdir to /", root.address(), 0, 0);
      MemorySegment device = arena.allocateFrom("/dev/null", UTF_8);
      nothing = call(OPEN, "Cannot open /dev/null", device.address(), O_RDWR_CLOEXEC, 0);
    }
    for (int fd = 0; fd < STANDARD_DESCRIPTORS - (keepErrors ? 1 : 0); fd++) {
      call(DUP2, "Cannot leave the terminal", nothing, fd, 0);
    }
    call(CLOSE, "Cannot close", nothing, 0, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment yes = arena.allocateFrom("0", UTF_8);
      call(WRITE, "The caller is gone", launcher, yes.address(), 1);
    }
    call(CLOSE, "Cannot close", launcher, 0, 0);
  }

  private int call(MethodHandle function, String failure, long a, long b, long c)
      throws BlockException {
    int result = calls.call(function, a, b, c);
    if (result < 0) {
      throw BlockException.withErrno(Errno.of(-result), failure);
    }
    return result;
  }
}
