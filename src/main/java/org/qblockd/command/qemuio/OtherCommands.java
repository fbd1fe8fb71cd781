// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Breakpoints;
import org.qblockd.block.Child;

/** The commands that touch no data at all: sleep, and those of blkdebug's breakpoints. */
final class OtherCommands {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private OtherCommands() {}

  static QemuIoCommand sleep() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "sleep", "", 1, 1, 0, null, "waits for the given value in milliseconds"),
        (device, arguments) -> {
          String text = arguments.getFirst();
          long millis = millis(text);
          if (millis < 0) {
            throw new QemuIoCommand.Misuse(text + " is not a valid number", false);
          }
          device.io().pause(Math.multiplyExact(millis, NANOS_PER_MILLI));
        });
  }

  /** The number, or -1 for what is none. */
  private static long millis(String text) {
    try {
      long millis = Long.decode(text);
      return millis > Integer.MAX_VALUE ? -1 : millis;
    } catch (NumberFormatException malformed) {
      return -1;
    }
  }

  static QemuIoCommand breakAt() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "break",
            "",
            2,
            2,
            0,
            "event tag",
            "sets a breakpoint on event and tags the stopped request as tag"),
        (device, arguments) ->
            report(
                device,
                "Could not set breakpoint: ",
                points -> points.breakAt(arguments.get(0), arguments.get(1))));
  }

  static QemuIoCommand resume() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "resume", "", 1, 1, 0, "tag", "resumes the request tagged as tag"),
        (device, arguments) ->
            report(
                device,
                "Could not resume request: ",
                points -> points.resume(arguments.getFirst())));
  }

  static QemuIoCommand removeBreak() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "remove_break", "", 1, 1, 0, "tag", "remove a breakpoint by tag"),
        (device, arguments) ->
            report(
                device,
                "Could not remove breakpoint " + arguments.getFirst() + ": ",
                points -> points.removeBreak(arguments.getFirst())));
  }

  static QemuIoCommand waitBreak() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "wait_break", "", 1, 1, 0, "tag", "waits for the suspension of a request"),
        (device, arguments) -> {
          Breakpoints points = breakpoints(device);
          if (points != null) {
            device.io().awaitQuietly(() -> !points.isSuspended(arguments.getFirst()));
          }
        });
  }

  private interface Action {
    void on(Breakpoints points) throws BlockException;
  }

  private static void report(Device device, String failure, Action action) {
    try {
      Breakpoints points = breakpoints(device);
      if (points == null) {
        throw BlockException.io(Errno.ENOTSUP);
      }
      action.on(points);
    } catch (BlockException refused) {
      device.print(failure + refused.errno().text());
    }
  }

  /** The first node from the device downwards, along primary children, that has breakpoints. */
  static @Nullable Breakpoints breakpoints(Device device) {
    BlockNode node = device.backend().node();
    while (node != null) {
      Breakpoints points = node.capability(Breakpoints.class);
      if (points != null) {
        return points;
      }
      Child primary = node.primary();
      node = primary == null ? null : primary.node();
    }
    return null;
  }
}
