// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Accounting;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Extent;
import org.qblockd.block.Permission;

/** The commands that move no data: discard, flush, aio_flush, length, alloc, map, truncate. */
final class DeviceCommands {
  private DeviceCommands() {}

  static QemuIoCommand discard() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "discard",
            "d",
            2,
            -1,
            Permission.WRITE,
            "[-Cq] off len",
            "discards a number of bytes at a specified offset"),
        DeviceCommands::runDiscard);
  }

  static QemuIoCommand flush() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "flush", "f", 0, 0, 0, null, "flush all in-core file state to disk"),
        DeviceCommands::runFlush);
  }

  static QemuIoCommand aioFlush() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "aio_flush", "", 0, 0, 0, null, "completes all outstanding aio requests"),
        DeviceCommands::runAioFlush);
  }

  static QemuIoCommand length() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "length", "l", 0, 0, 0, null, "gets the length of the current file"),
        DeviceCommands::runLength);
  }

  static QemuIoCommand alloc() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "alloc", "a", 1, 2, 0, "offset [count]", "checks if offset is allocated in the file"),
        DeviceCommands::runAlloc);
  }

  static QemuIoCommand map() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "map", "", 0, 0, 0, "", "prints the allocated areas of a file"),
        DeviceCommands::runMap);
  }

  static QemuIoCommand truncate() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "truncate",
            "t",
            1,
            3,
            Permission.WRITE | Permission.RESIZE,
            "[-m prealloc_mode] off",
            "truncates the current file at the given offset"),
        DeviceCommands::runTruncate);
  }

  private static void runDiscard(Device device, List<String> arguments)
      throws QemuIoCommand.Misuse {
    Options options = SimpleCommand.options(device, "discard", arguments, "Cq");
    List<String> operands = options.operands();
    if (operands.size() != 2) {
      throw new QemuIoCommand.Misuse("", true);
    }
    long offset = Transfer.size(operands.get(0));
    long bytes = Transfer.size(operands.get(1));
    if (bytes > Transfer.MAX_BYTES) {
      throw new QemuIoCommand.Misuse(
          "length cannot exceed " + Transfer.MAX_BYTES + ", given " + operands.get(1), false);
    }
    long start = device.io().nanos();
    try {
      device.io().await(() -> device.backend().discard(offset, bytes));
    } catch (BlockException failure) {
      device.print("discard failed: " + failure.errno().text());
      return;
    }
    if (!options.has('q')) {
      Report.print(
          device.io().out(),
          "discard",
          device.io().nanos() - start,
          offset,
          bytes,
          bytes,
          1,
          options.has('C'));
    }
  }

  /** Says nothing, whatever happens: so does QEMU's. */
  private static void runFlush(Device device, List<String> arguments) {
    device.io().awaitOutcome(device.backend()::flush);
  }

  private static void runLength(Device device, List<String> arguments) {
    try {
      device.print(Sizes.print(device.backend().length()));
    } catch (BlockException failure) {
      device.print("getlength: " + failure.errno().text());
    }
  }

  /** Counts as a flush, though it only waits: so does QEMU's. */
  private static void runAioFlush(Device device, List<String> arguments) {
    Accounting accounting = device.backend().accounting();
    long start = accounting.start();
    device.io().awaitAll();
    accounting.done(Accounting.Kind.FLUSH, 0, start);
  }

  private static void runAlloc(Device device, List<String> arguments)
      throws BlockException, QemuIoCommand.Misuse {
    long offset = Transfer.size(arguments.getFirst());
    long wanted = arguments.size() == 2 ? Transfer.size(arguments.get(1)) : 512;
    BlockNode node = medium(device);
    long count = Math.min(wanted, Math.max(0, node.length() - offset));
    long[] allocated = {0};
    device.io().await(() -> allocated[0] = allocatedBytes(node, offset, count));
    device.print(
        "%d/%d bytes allocated at offset %s".formatted(allocated[0], count, Sizes.print(offset)));
  }

  private static long allocatedBytes(BlockNode node, long offset, long count)
      throws BlockException {
    long allocated = 0;
    long at = offset;
    while (at < offset + count) {
      Extent extent = node.extentAt(at, offset + count - at, false);
      if (extent.length() == 0) {
        break;
      }
      allocated += extent.has(Extent.ALLOCATED) ? extent.length() : 0;
      at += extent.length();
    }
    return allocated;
  }

  private static void runMap(Device device, List<String> arguments) throws BlockException {
    BlockNode node = medium(device);
    long length;
    try {
      length = node.length();
    } catch (BlockException failure) {
      throw BlockException.withErrno(failure.errno(), "Failed to query image length");
    }
    long at = 0;
    while (at < length) {
      long start = at;
      Extent first = node.extentAt(start, length - start, false);
      boolean allocated = first.has(Extent.ALLOCATED);
      long end = start + first.length();
      Extent next = end < length ? node.extentAt(end, length - end, false) : first;
      while (end < length && next.has(Extent.ALLOCATED) == allocated && next.length() > 0) {
        end += next.length();
        next = end < length ? node.extentAt(end, length - end, false) : next;
      }
      device.print(
          "%s (0x%x) bytes %s allocated at offset %s (0x%x)"
              .formatted(
                  Sizes.print(end - start),
                  end - start,
                  allocated ? "   " : "not",
                  Sizes.print(start),
                  start));
      at = end;
    }
  }

  private static void runTruncate(Device device, List<String> arguments)
      throws BlockException, QemuIoCommand.Misuse {
    Options options = SimpleCommand.options(device, "truncate", arguments, "m:");
    String mode = options.value('m');
    String preallocation = mode == null ? "off" : mode;
    if (!List.of("off", "metadata", "falloc", "full").contains(preallocation)) {
      throw BlockException.invalid("Invalid preallocation mode '" + preallocation + "'");
    }
    long length = Transfer.size(options.operands().getFirst());
    BlockNode node = device.backend().node();
    if (node == null) {
      throw BlockException.of(Errno.ENOMEDIUM, "No medium inserted");
    }
    device.io().await(() -> node.resize(length, false, preallocation, false));
  }

  private static BlockNode medium(Device device) throws BlockException {
    BlockNode node = device.backend().node();
    if (node == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    return node;
  }
}
