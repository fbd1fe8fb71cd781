// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockDeviceIoStatus;
import org.qblockd.qapi.types.BlockDeviceStats;
import org.qblockd.qapi.types.BlockInfo;
import org.qblockd.qapi.types.BlockJobInfo;
import org.qblockd.qapi.types.BlockStats;
import org.qblockd.qapi.types.BlockdevCacheInfo;
import org.qblockd.qapi.types.BlockdevDetectZeroesOptions;
import org.qblockd.qapi.types.JobType;

/**
 * {@code info block}, {@code info block-jobs}, {@code info blockstats}: the answers of QMP as text.
 * Control lane.
 */
final class BlockInfos {
  private final BlockCoreCommands block;

  private BlockInfos(BlockCoreCommands block) {
    this.block = block;
  }

  static List<HmpCommand> rows(QmpGroups qmp) {
    return List.of(
        new HmpCommand(
            "block",
            "-n -v device?:B",
            "[-n] [-v] [device]",
            "show one drive or all of them (-n: all nodes, by their names; -v: with the images)",
            call -> new BlockInfos(qmp.blockCore()).show(call)),
        new HmpCommand(
            "block-jobs",
            "",
            "",
            "show how far the running block jobs are",
            call -> new BlockInfos(qmp.blockCore()).jobs(call)),
        new HmpCommand(
            "blockstats",
            "",
            "",
            "show what has been read from and written to each drive",
            call -> new BlockInfos(qmp.blockCore()).statistics(call)));
  }

  /** Drives, or with {@code n} all nodes; a name is looked for among both. */
  private void show(HmpCall call) throws QmpException, BlockException {
    Optional<String> wanted = call.optionalText("device");
    boolean nodes = call.has("n");
    boolean images = call.has("v");
    List<BlockInfo> drives = nodes ? List.of() : block.queryBlock();
    for (int i = 0; i < drives.size(); i++) {
      BlockInfo drive = drives.get(i);
      if (wanted.isEmpty() || drive.device().equals(wanted.get())) {
        call.print(i == 0 ? "" : "\n");
        show(call, drive, drive.inserted().orElse(null), images);
      }
    }
    if (nodes || wanted.isPresent()) {
      List<BlockDeviceInfo> all = block.queryNamedBlockNodes(Optional.empty());
      for (int i = 0; i < all.size(); i++) {
        if (wanted.isEmpty() || all.get(i).nodeName().equals(wanted)) {
          call.print(i == 0 ? "" : "\n");
          show(call, null, all.get(i), images);
        }
      }
    }
  }

  private static void show(
      HmpCall call, @Nullable BlockInfo drive, @Nullable BlockDeviceInfo medium, boolean images) {
    call.print(title(drive, medium));
    if (medium == null) {
      call.print(": [not inserted]\n");
    } else {
      String readOnly = medium.ro() ? ", read-only" : "";
      String encrypted = medium.encrypted() ? ", encrypted" : "";
      call.print(": %s (%s%s%s)\n".formatted(medium.file(), medium.drv(), readOnly, encrypted));
    }
    if (drive != null) {
      showDrive(call, drive);
    }
    if (medium != null) {
      showMedium(call, medium);
      showLimits(call, medium);
      if (images) {
        call.print("\nImages:\n" + ImageText.chain(medium.image()));
      }
    }
  }

  private static String title(@Nullable BlockInfo drive, @Nullable BlockDeviceInfo medium) {
    String node = medium == null ? "" : medium.nodeName().orElse("");
    if (drive != null && !drive.device().isEmpty()) {
      return drive.device() + (node.isEmpty() ? "" : " (" + node + ")");
    }
    return node.isEmpty() && drive != null ? drive.qdev().orElse("<anonymous>") : node;
  }

  private static void showDrive(HmpCall call, BlockInfo drive) {
    drive.qdev().ifPresent(path -> call.print("    Attached to:      " + path + "\n"));
    BlockDeviceIoStatus status = drive.ioStatus().orElse(BlockDeviceIoStatus.OK);
    if (status != BlockDeviceIoStatus.OK) {
      call.print("    I/O status:       " + status.wireName() + "\n");
    }
    if (drive.removable()) {
      call.print(
          "    Removable device: %s, tray %s\n"
              .formatted(
                  drive.locked() ? "locked" : "not locked",
                  drive.trayOpen().orElse(false) ? "open" : "closed"));
    }
  }

  private static void showMedium(HmpCall call, BlockDeviceInfo medium) {
    BlockdevCacheInfo cache = medium.cache();
    call.print(
        "    Cache mode:       %s%s%s\n"
            .formatted(
                cache.writeback() ? "writeback" : "writethrough",
                cache.direct() ? ", direct" : "",
                cache.noFlush() ? ", ignore flushes" : ""));
    medium
        .backingFile()
        .ifPresent(file ->
            call.print(
                "    Backing file:     %s (chain depth: %d)\n"
                    .formatted(file, medium.backingFileDepth())));
    if (medium.detectZeroes() != BlockdevDetectZeroesOptions.OFF) {
      call.print("    Detect zeroes:    " + medium.detectZeroes().wireName() + "\n");
    }
  }

  private static void showLimits(HmpCall call, BlockDeviceInfo medium) {
    long limits =
        medium.bps()
            | medium.bpsRd()
            | medium.bpsWr()
            | medium.iops()
            | medium.iopsRd()
            | medium.iopsWr();
    if (limits == 0) {
      return;
    }
    call.print(
        ("    I/O throttling:   bps=%d bps_rd=%d bps_wr=%d bps_max=%d bps_rd_max=%d bps_wr_max=%d"
                + " iops=%d iops_rd=%d iops_wr=%d iops_max=%d iops_rd_max=%d iops_wr_max=%d"
                + " iops_size=%d group=%s\n")
            .formatted(
                medium.bps(),
                medium.bpsRd(),
                medium.bpsWr(),
                medium.bpsMax().orElse(0L),
                medium.bpsRdMax().orElse(0L),
                medium.bpsWrMax().orElse(0L),
                medium.iops(),
                medium.iopsRd(),
                medium.iopsWr(),
                medium.iopsMax().orElse(0L),
                medium.iopsRdMax().orElse(0L),
                medium.iopsWrMax().orElse(0L),
                medium.iopsSize().orElse(0L),
                medium.group().orElse("")));
  }

  /** One line for each job. */
  private void jobs(HmpCall call) throws QmpException, BlockException {
    List<BlockJobInfo> jobs = block.queryBlockJobs();
    if (jobs.isEmpty()) {
      call.print("No active jobs\n");
    }
    for (BlockJobInfo job : jobs) {
      String title =
          job.type() == JobType.STREAM ? "Streaming" : "Type " + job.type().wireName() + ",";
      call.print(
          "%s device %s: Completed %d of %d bytes, speed limit %d bytes/s\n"
              .formatted(title, job.device(), job.offset(), job.len(), job.speed()));
    }
  }

  private void statistics(HmpCall call) throws QmpException, BlockException {
    for (BlockStats drive : block.queryBlockstats(Optional.empty())) {
      if (drive.device().isEmpty()) {
        continue;
      }
      BlockDeviceStats stats = drive.stats();
      call.print(
          ("%s: rd_bytes=%d wr_bytes=%d rd_operations=%d wr_operations=%d flush_operations=%d"
                  + " wr_total_time_ns=%d rd_total_time_ns=%d flush_total_time_ns=%d rd_merged=%d"
                  + " wr_merged=%d idle_time_ns=%d\n")
              .formatted(
                  drive.device().get(),
                  stats.rdBytes(),
                  stats.wrBytes(),
                  stats.rdOperations(),
                  stats.wrOperations(),
                  stats.flushOperations(),
                  stats.wrTotalTimeNs(),
                  stats.rdTotalTimeNs(),
                  stats.flushTotalTimeNs(),
                  stats.rdMerged(),
                  stats.wrMerged(),
                  stats.idleTimeNs().orElse(0L)));
    }
  }
}
