// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qtest;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.VirtualClock;

/**
 * The commands of QEMU's test protocol, as far as they mean something without a machine's memory
 * and ports: the clock's, and {@code endianness}. Control lane.
 */
final class QtestProtocol {
  private final @Nullable VirtualClock clock;
  private final Runnable rest;
  private final Runnable settle;

  /**
   * The commands for this clock.
   *
   * @param clock null when the machine is not under test: the clock's commands are then unknown
   * @param rest waits for work that has just begun, before the clock is moved
   * @param settle waits until the clock is not held
   */
  QtestProtocol(@Nullable VirtualClock clock, Runnable rest, Runnable settle) {
    this.clock = clock;
    this.rest = rest;
    this.settle = settle;
  }

  /** What a line is answered with; both without the line's end. */
  String answer(String line) {
    int space = line.indexOf(' ');
    String command = space < 0 ? line : line.substring(0, space);
    String argument = space < 0 ? "" : firstWord(line.substring(space + 1));
    VirtualClock moved = clock;
    if (moved != null && command.equals("clock_step")) {
      return step(moved, argument);
    }
    if (moved != null && command.equals("clock_set")) {
      return set(moved, argument);
    }
    return command.equals("endianness") ? "OK little" : "FAIL Unknown command '" + command + "'";
  }

  /** By so much, or to the next timer; FAIL when time does not go on. */
  private String step(VirtualClock moved, String argument) {
    long before = moved.monotonicNanos();
    Long nanos = argument.isEmpty() ? Long.valueOf(moved.untilNextTimer()) : number(argument);
    if (nanos == null) {
      return wrong(argument);
    }
    rest.run();
    long after = moved.advanceTo(before + nanos, settle);
    return (after > before ? "OK " : "FAIL ") + after;
  }

  private String set(VirtualClock moved, String argument) {
    Long nanos = number(argument);
    if (nanos == null) {
      return wrong(argument);
    }
    rest.run();
    long after = moved.advanceTo(nanos, settle);
    return (after == nanos ? "OK " : "FAIL ") + after;
  }

  private static String wrong(String argument) {
    return "FAIL Not a number: '" + argument + "'";
  }

  private static String firstWord(String text) {
    int space = text.indexOf(' ');
    return space < 0 ? text : text.substring(0, space);
  }

  private static @Nullable Long number(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }
}
