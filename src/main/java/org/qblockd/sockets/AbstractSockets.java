// SPDX-License-Identifier: Apache-2.0
package org.qblockd.sockets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Unix sockets with names in Linux' abstract namespace, unix(7), which the JDK does not know. Any
 * thread.
 */
public final class AbstractSockets {
  /** The longest name, in bytes, without the zero before it. */
  public static final int MAX_NAME = 107;

  private static final int AF_UNIX = 1;
  private static final int STREAM_CLOEXEC = 1 | 0x80000;
  private static final int FAMILY_BYTES = 2;
  private static final int PATH_BYTES = 108;

  private static final Linker LINKER = Linker.nativeLinker();

  /** All arguments as 64 bits: x86-64 and aarch64 Linux pass them alike. */
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private AbstractSockets() {}

  /**
   * Listens.
   *
   * @param tight whether the name ends with its last byte, or is padded with zeroes to 107 bytes
   * @throws BlockException with the kernel's error number
   */
  public static ServerSocketChannel listen(String name, boolean tight, int backlog)
      throws BlockException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(64, 8);
      int fd = check(call(state, "socket", AF_UNIX, STREAM_CLOEXEC, 0), state, -1);
      MemorySegment address = address(arena, name, tight);
      check(call(state, "bind", fd, address.address(), address.byteSize()), state, fd);
      check(call(state, "listen", fd, backlog, 0), state, fd);
      return AdoptedSockets.listening(fd);
    } catch (IOException e) {
      throw BlockException.of(Errno.EIO, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Connects.
   *
   * @throws BlockException with the kernel's error number
   */
  public static SocketChannel connect(String name, boolean tight) throws BlockException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(64, 8);
      int fd = check(call(state, "socket", AF_UNIX, STREAM_CLOEXEC, 0), state, -1);
      MemorySegment address = address(arena, name, tight);
      check(call(state, "connect", fd, address.address(), address.byteSize()), state, fd);
      return AdoptedSockets.connected(fd);
    } catch (IOException e) {
      throw BlockException.of(Errno.EIO, String.valueOf(e.getMessage()));
    }
  }

  private static MemorySegment address(Arena arena, String name, boolean tight) {
    byte[] bytes = name.getBytes(UTF_8);
    MemorySegment address =
        arena.allocate(FAMILY_BYTES + (tight ? 1 + bytes.length : PATH_BYTES), 8);
    address.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(bytes, 0, address, JAVA_BYTE, FAMILY_BYTES + 1, bytes.length);
    return address;
  }

  private static int check(int result, MemorySegment state, int fd) throws BlockException {
    if (result >= 0) {
      return result;
    }
    int number = state.get(JAVA_INT, 0);
    if (fd >= 0) {
      int unused = call(state, "close", fd, 0, 0);
    }
    throw BlockException.io(Errno.of(number));
  }

  private static int call(MemorySegment state, String function, long a, long b, long c) {
    MethodHandle handle =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow(function),
            SHAPE,
            Linker.Option.captureCallState("errno"));
    try {
      return (int) (long) handle.invokeExact(state, a, b, c);
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a downcall threw a checked exception", impossible);
    }
  }
}
