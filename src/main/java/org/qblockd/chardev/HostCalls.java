// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.qblockd.base.Errno;

/**
 * System calls of devices that a start with one plain monitor does not need; {@link SocketCalls}
 * has the others. Each returns what the kernel would: a result of at least 0, or the negative error
 * number; an interrupted call is repeated.
 *
 * <p>One instance serves one thread at a time.
 */
final class HostCalls {
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_KEEPALIVE = 9;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  static final int IPPROTO_IPV6 = 41;
  static final int IPV6_V6ONLY = 26;
  static final int O_RDWR = 2;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_TRUNC = 0x200;
  static final int O_APPEND = 0x400;
  static final int O_NOCTTY = 0x100;
  static final int O_CLOEXEC = 0x80000;
  static final int POLLHUP = 16;
  static final int TERMIOS_BYTES = 64;

  private static final int PATH_BYTES = 4096;
  private static final int ADDRESS_BYTES = 128;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private final MemorySegment state = Arena.ofAuto().allocate(64, 8);

  private static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), SHAPE, Linker.Option.captureCallState("errno"));
  }

  private static final class Names {
    private static final MethodHandle GETSOCKNAME = link("getsockname");
    private static final MethodHandle GETPEERNAME = link("getpeername");
  }

  private static final class Sockets {
    private static final MethodHandle SOCKET = link("socket");
    private static final MethodHandle SETSOCKOPT = link("setsockopt");
  }

  private static final class Polling {
    private static final MethodHandle POLL = link("poll");
    private static final MethodHandle EVENTFD = link("eventfd");
    private static final MethodHandle WRITE = link("write");
  }

  private static final class Files {
    private static final MethodHandle OPEN = link("open");
    private static final MethodHandle IOCTL = link("ioctl");
  }

  private static final class Terminals {
    private static final MethodHandle POSIX_OPENPT = link("posix_openpt");
    private static final MethodHandle GRANTPT = link("grantpt");
    private static final MethodHandle UNLOCKPT = link("unlockpt");
    private static final MethodHandle PTSNAME_R = link("ptsname_r");
    private static final MethodHandle TCGETATTR = link("tcgetattr");
    private static final MethodHandle TCSETATTR = link("tcsetattr");
  }

  /** A socket address in the kernel's form: of this end, or of the peer. */
  MemorySegment name(int fd, boolean ofPeer) {
    MemorySegment address = Arena.ofAuto().allocate(ADDRESS_BYTES, 8);
    MemorySegment size = state.asSlice(16, 8);
    size.set(JAVA_INT, 0, ADDRESS_BYTES);
    MethodHandle function = ofPeer ? Names.GETPEERNAME : Names.GETSOCKNAME;
    int result = (int) call(function, true, fd, address.address(), size.address());
    return result < 0 ? address.asSlice(0, 0) : address.asSlice(0, size.get(JAVA_INT, 0));
  }

  int socket(int family, int type) {
    return (int) call(Sockets.SOCKET, true, family, type | SocketCalls.SOCK_CLOEXEC, 0);
  }

  int setOption(int fd, int level, int name, int value) {
    MemorySegment memory = state.asSlice(16, 8);
    memory.set(JAVA_INT, 0, value);
    return (int)
        call(Sockets.SETSOCKOPT, true, fd, level, name, memory.address(), Integer.BYTES, 0);
  }

  /** A counter that {@link #poll} can wait for. */
  int eventDescriptor() {
    return (int) call(Polling.EVENTFD, true, 0, O_CLOEXEC, 0);
  }

  /** Makes an event descriptor readable for good. */
  void signal(int fd) {
    MemorySegment one = state.asSlice(16, 8);
    one.set(JAVA_LONG, 0, 1);
    long unused = call(Polling.WRITE, false, fd, one.address(), Long.BYTES);
  }

  /**
   * Waits for an event of the first descriptor, or the second to be readable; -1 stands for none.
   *
   * @return what happened to the first; 0 when the time is over or the second is readable
   */
  int poll(int fd, int events, int other, int timeoutMillis) {
    MemorySegment requests = state.asSlice(16, 16);
    requests.set(JAVA_INT, 0, fd);
    requests.set(JAVA_INT, 4, events);
    requests.set(JAVA_INT, 8, other);
    requests.set(JAVA_INT, 12, SocketCalls.POLLIN);
    long unused = call(Polling.POLL, true, requests.address(), 2, timeoutMillis);
    return requests.get(JAVA_SHORT, 6);
  }

  /** Opens a file; new ones get the mode 0666 less the umask. */
  int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          call(Files.OPEN, true, arena.allocateFrom(path).address(), flags | O_CLOEXEC, 0666);
    }
  }

  int ioctl(int fd, int request) {
    return (int) call(Files.IOCTL, true, fd, request, 0);
  }

  /** The master's side of a new pseudo terminal. */
  int openTerminal() {
    int fd = (int) call(Terminals.POSIX_OPENPT, true, O_RDWR | O_NOCTTY | O_CLOEXEC, 0, 0);
    if (fd >= 0) {
      int granted = (int) call(Terminals.GRANTPT, true, fd, 0, 0);
      return granted < 0 ? granted : unlock(fd);
    }
    return fd;
  }

  private int unlock(int fd) {
    int unlocked = (int) call(Terminals.UNLOCKPT, true, fd, 0, 0);
    return unlocked < 0 ? unlocked : fd;
  }

  /** The path of a pseudo terminal's other side. */
  String terminalName(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocate(PATH_BYTES);
      long unused = call(Terminals.PTSNAME_R, true, fd, path.address(), PATH_BYTES);
      return path.getString(0);
    }
  }

  /** The settings of a terminal; empty when it is none. */
  byte[] terminalSettings(int fd) {
    MemorySegment settings = Arena.ofAuto().allocate(TERMIOS_BYTES, 8);
    int result = (int) call(Terminals.TCGETATTR, true, fd, settings.address(), 0);
    return result < 0 ? new byte[0] : settings.toArray(JAVA_BYTE);
  }

  void setTerminal(int fd, byte[] settings) {
    MemorySegment memory = Arena.ofAuto().allocate(TERMIOS_BYTES, 8);
    MemorySegment.copy(Arrays.copyOf(settings, TERMIOS_BYTES), 0, memory, JAVA_BYTE, 0, 64);
    long unused = call(Terminals.TCSETATTR, true, fd, 0, memory.address());
  }

  private long call(MethodHandle function, boolean isInt, long a, long b, long c) {
    return call(function, isInt, a, b, c, 0, 0, 0);
  }

  private long call(
      MethodHandle function, boolean isInt, long a, long b, long c, long d, long e, long f) {
    long result;
    do {
      result = callOnce(function, isInt, a, b, c, d, e, f);
    } while (result == -Errno.EINTR.number());
    return result;
  }

  private long callOnce(
      MethodHandle function, boolean isInt, long a, long b, long c, long d, long e, long f) {
    try {
      long raw = (long) function.invokeExact(state, a, b, c, d, e, f);
      long result = isInt ? (int) raw : raw;
      return result < 0 ? -state.get(JAVA_INT, 0) : result;
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a downcall threw a checked exception", impossible);
    }
  }
}
