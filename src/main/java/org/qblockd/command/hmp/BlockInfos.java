// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockDeviceIoStatus;
import org.qblockd.qapi.types.BlockInfo;
import org.qblockd.qapi.types.BlockJobInfo;
import org.qblockd.qapi.types.BlockdevCacheInfo;
import org.qblockd.qapi.types.BlockdevDetectZeroesOptions;

/** {@code info block} and {@code info block-jobs}: the answers of QMP as text. Control lane. */
final class BlockInfos {
  private final BlockCoreCommands block;

  BlockInfos(BlockCoreCommands block) {
    this.block = block;
  }

  /** Drives, or with {@code n} all nodes; a name is looked for among both. */
  String run(Map<String, String> arguments) throws QmpException, BlockException {
    String wanted = arguments.getOrDefault("device", "");
    boolean named = arguments.containsKey("device");
    boolean nodes = arguments.containsKey("n");
    StringBuilder text = new StringBuilder();
    List<BlockInfo> drives = nodes ? List.of() : block.queryBlock();
    for (int i = 0; i < drives.size(); i++) {
      if (!named || drives.get(i).device().equals(wanted)) {
        text.append(i == 0 ? "" : "\r\n");
        show(text, drives.get(i), drives.get(i).inserted().orElse(null));
      }
    }
    if (nodes || named) {
      List<BlockDeviceInfo> all = block.queryNamedBlockNodes(Optional.empty());
      for (int i = 0; i < all.size(); i++) {
        if (!named || wanted.equals(all.get(i).nodeName().orElse(""))) {
          text.append(i == 0 ? "" : "\r\n");
          show(text, null, all.get(i));
        }
      }
    }
    return text.toString();
  }

  /** One line for each job. */
  String jobs() throws QmpException, BlockException {
    StringBuilder text = new StringBuilder();
    for (BlockJobInfo job : block.queryBlockJobs()) {
      text.append(
          "Type %s, device %s: Completed %d of %d bytes, speed limit %d bytes/s\r\n"
              .formatted(
                  job.type().wireName(), job.device(), job.offset(), job.len(), job.speed()));
    }
    return text.isEmpty() ? "No active jobs\r\n" : text.toString();
  }

  private static void show(
      StringBuilder text, @Nullable BlockInfo drive, @Nullable BlockDeviceInfo medium) {
    String node = medium == null ? "" : medium.nodeName().orElse("");
    if (drive == null) {
      text.append(node);
    } else {
      text.append(drive.device()).append(node.isEmpty() ? "" : " (" + node + ")");
    }
    if (medium == null) {
      text.append(": [not inserted]\r\n");
    } else {
      String readOnly = medium.ro() ? ", read-only" : "";
      text.append(": %s (%s%s)\r\n".formatted(medium.file(), medium.drv(), readOnly));
    }
    if (drive != null) {
      showDrive(text, drive);
    }
    if (medium != null) {
      showMedium(text, medium);
    }
  }

  private static void showDrive(StringBuilder text, BlockInfo drive) {
    BlockDeviceIoStatus status = drive.ioStatus().orElse(BlockDeviceIoStatus.OK);
    if (status != BlockDeviceIoStatus.OK) {
      text.append("    I/O status:       ").append(status.wireName()).append("\r\n");
    }
    if (drive.removable()) {
      text.append("    Removable device: ")
          .append(drive.locked() ? "locked" : "not locked")
          .append(drive.trayOpen().orElse(false) ? ", tray open" : ", tray closed")
          .append("\r\n");
    }
  }

  private static void showMedium(StringBuilder text, BlockDeviceInfo medium) {
    BlockdevCacheInfo cache = medium.cache();
    text.append("    Cache mode:       ")
        .append(cache.writeback() ? "writeback" : "writethrough")
        .append(cache.direct() ? ", direct" : "")
        .append(cache.noFlush() ? ", ignore flushes" : "")
        .append("\r\n");
    medium
        .backingFile()
        .ifPresent(file ->
            text.append("    Backing file:     ")
                .append(file)
                .append(" (chain depth: ")
                .append(medium.backingFileDepth())
                .append(")\r\n"));
    if (medium.detectZeroes() != BlockdevDetectZeroesOptions.OFF) {
      text.append("    Detect zeroes:    ").append(medium.detectZeroes().wireName()).append("\r\n");
    }
  }
}
