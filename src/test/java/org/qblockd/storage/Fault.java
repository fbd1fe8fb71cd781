// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.util.concurrent.CountDownLatch;
import org.qblockd.base.Errno;

/**
 * One planned misfortune of a {@link FaultyFile}: which operations it strikes, and what it does to
 * them. Immutable; any thread.
 *
 * @param operation the kind of operation
 * @param offset the first byte of the range that it must touch
 * @param end the byte behind that range
 * @param skip matching operations to let pass first
 * @param times matching operations to strike then
 * @param effect what happens
 */
public record Fault(
    Operation operation, long offset, long end, long skip, long times, Effect effect) {

  /** The operations of a file that can fail. Flushes and the like touch every range. */
  public enum Operation {
    READ,
    WRITE,
    FLUSH,
    LENGTH,
    TRUNCATE,
    ALLOCATE,
    PUNCH,
    ZERO,
    EXTENT,
    COPY
  }

  /** What a fault does. */
  public sealed interface Effect {
    /** Nothing is done and the operation fails. */
    record Fail(Errno errno) implements Effect {}

    /** Only the first {@code bytes} are written, then the operation fails. */
    record Tear(int bytes, Errno errno) implements Effect {}

    /** The operation waits at the gate, and then goes on. */
    record Hold(Gate gate) implements Effect {}
  }

  /** Where operations wait until the test lets them go. */
  public static final class Gate {
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    void pass() throws InterruptedException {
      arrived.countDown();
      opened.await();
    }

    /** Waits until an operation stands at the gate. */
    public void awaitArrival() throws InterruptedException {
      arrived.await();
    }

    /** Lets all go, now and later. */
    public void open() {
      opened.countDown();
    }
  }

  /** Every operation of the kind fails. */
  public static Fault failing(Operation operation, Errno errno) {
    return new Fault(operation, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE, new Effect.Fail(errno));
  }

  /** Every write stops after {@code bytes} and fails. */
  public static Fault tearing(int bytes, Errno errno) {
    Effect tear = new Effect.Tear(bytes, errno);
    return new Fault(Operation.WRITE, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE, tear);
  }

  /** Every operation of the kind waits at the gate. */
  public static Fault holding(Operation operation, Gate gate) {
    return new Fault(operation, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE, new Effect.Hold(gate));
  }

  /** The same, only for operations that touch this range. */
  public Fault within(long from, long length) {
    return new Fault(operation, from, from + length, skip, times, effect);
  }

  /** The same, after {@code count} matching operations went well. */
  public Fault after(long count) {
    return new Fault(operation, offset, end, count, times, effect);
  }

  /** The same, for {@code count} operations only. */
  public Fault times(long count) {
    return new Fault(operation, offset, end, skip, count, effect);
  }
}
