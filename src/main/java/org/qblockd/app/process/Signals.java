// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Tells of the signals that ask the process to end, and who sent them, which the JVM's own handling
 * hides. The launcher blocks them before it becomes the JVM, so all threads inherit that (and -Xrs
 * keeps the JVM from touching them); one thread here waits for them.
 *
 * <p>Started without the launcher, the signals are not blocked; then the JVM ends by itself and
 * runs its hooks.
 */
public final class Signals {
  private static final int SIGHUP = 1;
  private static final int SIGINT = 2;
  private static final int SIGTERM = 15;
  private static final long ALL = bit(SIGHUP) | bit(SIGINT) | bit(SIGTERM);
  private static final long SIG_UNBLOCK = 1;
  private static final int INFO_BYTES = 128;
  private static final int INFO_PID = 16;

  private static volatile boolean watched;

  /** Linked when first needed: that is long for a program that only prints its version. */
  private static final class Functions {
    static final MethodHandle SIGMASK = SystemCalls.link("pthread_sigmask");
    static final MethodHandle SIGWAITINFO = SystemCalls.link("sigwaitinfo");
    static final MethodHandle KILL = SystemCalls.link("kill");
    static final MethodHandle EXIT = SystemCalls.link("_exit");
  }

  private final SystemCalls calls = new SystemCalls();

  /** A set of signals, 1024 bits as glibc has it. */
  private final MemorySegment set = Arena.ofAuto().allocate(128, 8);

  /** What is told of a signal. */
  private final MemorySegment info = Arena.ofAuto().allocate(INFO_BYTES, 8);

  /** A signal that came. */
  public record Received(int number, int senderPid) {

    /** QEMU's report; a sender of 0 is the terminal. */
    public String report() {
      String what = "terminating on signal " + number;
      return senderPid == 0 ? what : what + " from pid " + senderPid + " (" + senderName() + ")";
    }

    private String senderName() {
      try {
        byte[] line = Files.readAllBytes(Path.of("/proc/" + senderPid + "/cmdline"));
        int end = 0;
        while (end < line.length && line[end] != 0) {
          end++;
        }
        return new String(line, 0, end, StandardCharsets.UTF_8);
      } catch (IOException gone) {
        return "<unknown process>";
      }
    }
  }

  private Signals() {}

  private static long bit(int signal) {
    return 1L << (signal - 1);
  }

  /**
   * Starts the thread that waits; {@code receiver} is called on it for each signal.
   *
   * @param unblocked called instead when the signals are not blocked
   */
  public static void start(Consumer<Received> receiver, Runnable unblocked) {
    watched = true;
    Thread.ofPlatform()
        .name("signals")
        .daemon(true)
        .start(() -> new Signals().wait(receiver, unblocked));
  }

  private void wait(Consumer<Received> receiver, Runnable unblocked) {
    calls.call(Functions.SIGMASK, 0, 0, set.address());
    if ((set.get(JAVA_LONG, 0) & ALL) != ALL) {
      unblocked.run();
      return;
    }
    set.set(JAVA_LONG, 0, ALL);
    while (true) {
      int number = calls.call(Functions.SIGWAITINFO, set.address(), info.address(), 0);
      if (number > 0) {
        receiver.accept(new Received(number, info.get(JAVA_INT, INFO_PID)));
      }
    }
  }

  /**
   * Ends the process at once. The orderly end of a JVM waits a third of a second for threads that
   * are in system calls, as the one that waits for signals is.
   */
  public static void exit(int status) {
    if (!watched) {
      Runtime.getRuntime().halt(status);
    }
    new SystemCalls().call(Functions.EXIT, status, 0, 0);
  }

  /** Ends the process at once by this signal, as if it had never been blocked. */
  public static void dieOf(Received signal) {
    Signals self = new Signals();
    self.set.set(JAVA_LONG, 0, bit(signal.number()));
    self.calls.call(Functions.SIGMASK, SIG_UNBLOCK, self.set.address(), 0);
    self.calls.call(Functions.KILL, ProcessHandle.current().pid(), signal.number(), 0);
  }
}
