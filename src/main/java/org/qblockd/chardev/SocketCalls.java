// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.qblockd.base.Errno;

/**
 * System calls on sockets, pipes and terminals. Each returns what the kernel would: a result of at
 * least 0, or the negative error number; an interrupted call is repeated.
 *
 * <p>One instance serves one thread at a time, since it holds the memory for errno. Every function
 * goes through one downcall shape, since only the first link of a shape is expensive; x86-64 and
 * aarch64 Linux pass these arguments alike.
 */
final class SocketCalls {
  static final int AF_UNIX = 1;
  static final int POLLIN = 1;
  static final int POLLOUT = 4;
  static final int SHUT_RDWR = 2;
  static final int SOCK_STREAM = 1;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int MSG_CMSG_CLOEXEC = 0x40000000;

  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle SOCKET = link("socket");
  private static final MethodHandle BIND = link("bind");
  private static final MethodHandle LISTEN = link("listen");
  private static final MethodHandle ACCEPT4 = link("accept4");
  private static final MethodHandle CONNECT = link("connect");
  private static final MethodHandle RECVMSG = link("recvmsg");
  private static final MethodHandle SEND = link("send");
  private static final MethodHandle READ = link("read");
  private static final MethodHandle WRITE = link("write");
  private static final MethodHandle POLL = link("poll");
  private static final MethodHandle SHUTDOWN = link("shutdown");
  private static final MethodHandle CLOSE = link("close");
  private static final MethodHandle GETSOCKOPT = link("getsockopt");

  private final MemorySegment state = Arena.ofAuto().allocate(64, 8);

  private static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), SHAPE, Linker.Option.captureCallState("errno"));
  }

  int socket(int family) {
    return (int) call(SOCKET, true, family, SOCK_STREAM | SOCK_CLOEXEC, 0, 0);
  }

  int bind(int fd, MemorySegment address) {
    return (int) call(BIND, true, fd, address.address(), address.byteSize(), 0);
  }

  int listen(int fd, int backlog) {
    return (int) call(LISTEN, true, fd, backlog, 0, 0);
  }

  int accept(int fd) {
    return (int) call(ACCEPT4, true, fd, 0, 0, SOCK_CLOEXEC);
  }

  int connect(int fd, MemorySegment address) {
    return (int) call(CONNECT, true, fd, address.address(), address.byteSize(), 0);
  }

  long receiveMessage(int fd, MemorySegment header) {
    return call(RECVMSG, false, fd, header.address(), MSG_CMSG_CLOEXEC, 0);
  }

  /** Never waits: -EAGAIN when the peer takes nothing now. */
  long sendNow(int fd, MemorySegment bytes, long length) {
    return call(SEND, false, fd, bytes.address(), length, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  long read(int fd, MemorySegment bytes) {
    return call(READ, false, fd, bytes.address(), bytes.byteSize(), 0);
  }

  long write(int fd, MemorySegment bytes, long length) {
    return call(WRITE, false, fd, bytes.address(), length, 0);
  }

  /** Waits for an event; always also for a hang-up or an error. 0 when the time is over. */
  int poll(int fd, int events, int timeoutMillis) {
    MemorySegment request = state.asSlice(16, 8);
    request.set(JAVA_INT, 0, fd);
    request.set(JAVA_INT, 4, events);
    return (int) call(POLL, true, request.address(), 1, timeoutMillis, 0);
  }

  /** Ends both directions; wakes threads that wait for the socket. */
  int shutdown(int fd) {
    return (int) call(SHUTDOWN, true, fd, SHUT_RDWR, 0, 0);
  }

  /** Not repeated when interrupted: Linux has freed the descriptor by then. */
  int close(int fd) {
    return (int) callOnce(CLOSE, true, fd, 0, 0, 0);
  }

  boolean isSocket(int fd) {
    return option(fd, SO_TYPE) >= 0;
  }

  boolean isListening(int fd) {
    return option(fd, SO_ACCEPTCONN) > 0;
  }

  private int option(int fd, int name) {
    MemorySegment value = state.asSlice(16, 8);
    value.set(JAVA_INT, 0, 0);
    value.set(JAVA_INT, 4, Integer.BYTES);
    long at = value.address();
    int result = (int) call(GETSOCKOPT, true, fd, SOL_SOCKET, name, at, at + 4);
    return result < 0 ? result : value.get(JAVA_INT, 0);
  }

  private long call(MethodHandle function, boolean isInt, long a, long b, long c, long d) {
    return call(function, isInt, a, b, c, d, 0);
  }

  private long call(MethodHandle function, boolean isInt, long a, long b, long c, long d, long e) {
    long result;
    do {
      result = callOnce(function, isInt, a, b, c, d, e);
    } while (result == -Errno.EINTR.number());
    return result;
  }

  private long callOnce(MethodHandle function, boolean isInt, long a, long b, long c, long d) {
    return callOnce(function, isInt, a, b, c, d, 0);
  }

  private long callOnce(
      MethodHandle function, boolean isInt, long a, long b, long c, long d, long e) {
    try {
      long raw = (long) function.invokeExact(state, a, b, c, d, e, 0L);
      long result = isInt ? (int) raw : raw;
      return result < 0 ? -state.get(JAVA_INT, 0) : result;
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a downcall threw a checked exception", impossible);
    }
  }
}
