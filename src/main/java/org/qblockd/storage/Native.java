// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * The system calls of file I/O. Each returns what the kernel would: a result of at least 0, or the
 * negative error number; a call that a signal interrupted is repeated.
 *
 * <p>Any thread. A call keeps a virtual thread on its carrier until it returns; {@link
 * BlockingCalls} is for those that may take long.
 *
 * <p>Every libc function goes through one downcall shape (six longs in, a long out, errno
 * captured), since only the first link of a shape is expensive. x86-64 and aarch64 Linux pass
 * integers, pointers and variadic arguments of these functions alike in registers.
 */
final class Native {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_NONBLOCK = 0x800;
  static final int O_DIRECT = isArm() ? 0x10000 : 0x4000;
  static final int O_CLOEXEC = 0x80000;

  static final int SEEK_END = 2;
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;

  static final int FALLOC_KEEP_SIZE = 1;
  static final int FALLOC_PUNCH_HOLE = 2;
  static final int FALLOC_ZERO_RANGE = 0x10;

  static final int F_GETFD = 1;
  static final int F_GETFL = 3;
  static final int F_SETFL = 4;
  static final int F_OFD_GETLK = 36;
  static final int F_OFD_SETLK = 37;
  static final int F_DUPFD_CLOEXEC = 1030;
  static final int FD_CLOEXEC = 1;
  static final short F_RDLCK = 0;
  static final short F_WRLCK = 1;
  static final short F_UNLCK = 2;

  static final int S_IFMT = 0xF000;
  static final int S_IFREG = 0x8000;
  static final int S_IFBLK = 0x6000;
  static final int S_IFCHR = 0x2000;

  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7FF;
  private static final int STATX_DIOALIGN = 0x2000;
  private static final int RWF_NOWAIT = 8;
  private static final int SYNC_FILE_RANGE_WRITE = 2;
  private static final int SPLICE_F_NONBLOCK = 2;
  private static final short POLLOUT = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final MethodHandle OPEN = link("open");
  private static final MethodHandle CLOSE = link("close");
  private static final MethodHandle FCNTL = link("fcntl");
  private static final MethodHandle STATX = link("statx");
  private static final MethodHandle LSEEK = link("lseek");
  private static final MethodHandle FALLOCATE = link("fallocate");
  private static final MethodHandle FTRUNCATE = link("ftruncate");
  private static final MethodHandle FSYNC = link("fsync");
  private static final MethodHandle FDATASYNC = link("fdatasync");
  private static final MethodHandle SYNC_FILE_RANGE = link("sync_file_range");
  private static final MethodHandle PREAD = link("pread");
  private static final MethodHandle PWRITE = link("pwrite");
  private static final MethodHandle PREADV2 = link("preadv2");
  private static final MethodHandle COPY_FILE_RANGE = link("copy_file_range");
  private static final MethodHandle PIPE = link("pipe2");
  private static final MethodHandle SPLICE = link("splice");
  private static final MethodHandle POLL = link("poll");

  private static final MemorySegment EMPTY_PATH = Arena.global().allocate(1);

  /**
   * What statx(2) says.
   *
   * @param mode type and permission bits
   * @param blocks allocated units of 512 bytes
   * @param directAlignment what O_DIRECT asks of offsets, lengths and memory, in bytes; 0 when the
   *     kernel does not say
   */
  record FileStatus(int mode, long blocks, int directAlignment) {
    int type() {
      return mode & S_IFMT;
    }
  }

  private Native() {}

  private static boolean isArm() {
    return "aarch64".equals(System.getProperty("os.arch"));
  }

  /** The result, or the exception for a negative error number. */
  static long check(long result) throws BlockException {
    if (result < 0) {
      throw BlockException.io(Errno.of((int) -result));
    }
    return result;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), SHAPE, Linker.Option.captureCallState("errno"));
  }

  /** ENOENT for a name with a NUL in it: no such file can exist. */
  static int open(String path, int flags, int mode) {
    if (path.indexOf('\0') >= 0) {
      return -Errno.ENOENT.number();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path, StandardCharsets.UTF_8);
      return (int) call(OPEN, true, name.address(), flags, mode, 0, 0, 0);
    }
  }

  /** Not repeated when interrupted: Linux has freed the descriptor by then. */
  static int close(int fd) {
    try (CallFrame frame = CallFrame.take()) {
      return (int) callOnce(frame, CLOSE, true, fd, 0, 0, 0, 0, 0);
    }
  }

  static int fcntl(int fd, int command, long argument) {
    return (int) call(FCNTL, true, fd, command, argument, 0, 0, 0);
  }

  /** Sets or probes the lock of one byte; for F_OFD_GETLK the result is the type found. */
  static int lockByte(int fd, int command, short type, long at) {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment flock = frame.scratch().asSlice(0, 32).fill((byte) 0);
      flock.set(ValueLayout.JAVA_SHORT, 0, type);
      flock.set(JAVA_LONG, 8, at);
      flock.set(JAVA_LONG, 16, 1);
      long result = call(frame, FCNTL, true, fd, command, flock.address(), 0, 0, 0);
      return result < 0 || command == F_OFD_SETLK
          ? (int) result
          : flock.get(ValueLayout.JAVA_SHORT, 0);
    }
  }

  static FileStatus status(int fd) throws BlockException {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment statx = frame.scratch().asSlice(0, 256).fill((byte) 0);
      int mask = STATX_BASIC_STATS | STATX_DIOALIGN;
      long path = EMPTY_PATH.address();
      check(call(frame, STATX, true, fd, path, AT_EMPTY_PATH, mask, statx.address(), 0));
      int align = Math.max(statx.get(JAVA_INT, 152), statx.get(JAVA_INT, 156));
      int mode = Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28));
      return new FileStatus(mode, statx.get(JAVA_LONG, 48), align);
    }
  }

  static long lseek(int fd, long offset, int whence) {
    return call(LSEEK, false, fd, offset, whence, 0, 0, 0);
  }

  static int fallocate(int fd, int mode, long offset, long length) {
    return (int) call(FALLOCATE, true, fd, mode, offset, length, 0, 0);
  }

  static int ftruncate(int fd, long length) {
    return (int) call(FTRUNCATE, true, fd, length, 0, 0, 0, 0);
  }

  static int fsync(int fd) {
    return (int) call(FSYNC, true, fd, 0, 0, 0, 0, 0);
  }

  static int fdatasync(int fd) {
    return (int) call(FDATASYNC, true, fd, 0, 0, 0, 0, 0);
  }

  /** Starts writing what is dirty in the file, without waiting for it. */
  static int startWriteback(int fd) {
    return (int) call(SYNC_FILE_RANGE, false, fd, 0, 0, SYNC_FILE_RANGE_WRITE, 0, 0);
  }

  static long pread(int fd, long address, long bytes, long offset) {
    return call(PREAD, false, fd, address, bytes, offset, 0, 0);
  }

  static long pwrite(int fd, long address, long bytes, long offset) {
    return call(PWRITE, false, fd, address, bytes, offset, 0, 0);
  }

  /** Reads what is in the page cache: -EAGAIN when nothing is, -EOPNOTSUPP where unknown. */
  static long preadNoWait(int fd, long address, long bytes, long offset) {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment iovec = frame.scratch();
      iovec.set(JAVA_LONG, 0, address);
      iovec.set(JAVA_LONG, 8, bytes);
      return call(frame, PREADV2, false, fd, iovec.address(), 1, offset, 0, RWF_NOWAIT);
    }
  }

  static long copyFileRange(int from, long fromOffset, int to, long toOffset, long bytes) {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment offsets = frame.scratch();
      offsets.set(JAVA_LONG, 0, fromOffset);
      offsets.set(JAVA_LONG, 8, toOffset);
      long in = offsets.address();
      return call(frame, COPY_FILE_RANGE, false, from, in, to, in + 8, bytes, 0);
    }
  }

  /** A new pipe: its read end, and its write end in the upper half. */
  static long pipe() {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment ends = frame.scratch();
      long result = call(frame, PIPE, true, ends.address(), O_CLOEXEC, 0, 0, 0, 0);
      return result < 0 ? result : ends.get(JAVA_INT, 0) | (long) ends.get(JAVA_INT, 4) << 32;
    }
  }

  /** Puts references to pages of a file into a pipe, as far as it has room. */
  static long spliceFrom(int file, long offset, int pipe, long bytes) {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment from = frame.scratch();
      from.set(JAVA_LONG, 0, offset);
      return call(frame, SPLICE, false, file, from.address(), pipe, 0, bytes, SPLICE_F_NONBLOCK);
    }
  }

  /** Moves what a pipe holds to a socket. */
  static long spliceTo(int pipe, int socket, long bytes) {
    return call(SPLICE, false, pipe, 0, socket, 0, bytes, 0);
  }

  /** Waits until a socket takes more. */
  static int awaitWritable(int socket) {
    try (CallFrame frame = CallFrame.take()) {
      MemorySegment poll = frame.scratch();
      poll.set(JAVA_INT, 0, socket);
      poll.set(JAVA_INT, 4, POLLOUT);
      return (int) call(frame, POLL, true, poll.address(), 1, -1, 0, 0, 0);
    }
  }

  private static long call(
      MethodHandle function, boolean isInt, long a, long b, long c, long d, long e, long f) {
    try (CallFrame frame = CallFrame.take()) {
      return call(frame, function, isInt, a, b, c, d, e, f);
    }
  }

  private static long call(
      CallFrame frame,
      MethodHandle function,
      boolean isInt,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f) {
    long result;
    do {
      result = callOnce(frame, function, isInt, a, b, c, d, e, f);
    } while (result == -Errno.EINTR.number());
    return result;
  }

  private static long callOnce(
      CallFrame frame,
      MethodHandle function,
      boolean isInt,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f) {
    try {
      long raw = (long) function.invokeExact(frame.state(), a, b, c, d, e, f);
      long result = isInt ? (int) raw : raw;
      return result < 0 ? -frame.errno() : result;
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a downcall threw a checked exception", impossible);
    }
  }
}
