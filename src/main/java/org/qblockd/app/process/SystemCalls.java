// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls about the process. Each returns what the kernel would: a result of at least 0, or
 * the negative error number.
 *
 * <p>One instance serves one thread at a time. All go through the downcall shape that the rest of
 * the program uses, since the first link of a shape is expensive.
 */
final class SystemCalls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  /** Where errno is captured. */
  private final MemorySegment state = Arena.ofAuto().allocate(64, 8);

  /** Links a function of libc that takes integers and addresses and returns an int. */
  @SuppressWarnings("restricted")
  static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), SHAPE, Linker.Option.captureCallState("errno"));
  }

  int call(MethodHandle function, long a, long b, long c) {
    try {
      int result = (int) (long) function.invokeExact(state, a, b, c, 0L, 0L, 0L);
      return result < 0 ? -state.get(JAVA_INT, 0) : result;
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a downcall threw a checked exception", impossible);
    }
  }
}
