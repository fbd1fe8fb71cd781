// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevSnapshotSync;
import org.qblockd.qapi.types.NewImageMode;

/** The human commands for snapshots of a drive. Control lane. */
final class SnapshotRows {
  private SnapshotRows() {}

  static List<HmpCommand> rows(QmpGroups qmp) {
    return List.of(
        new HmpCommand(
            "snapshot_blkdev",
            "-n device:B snapshot-file?:s format?:s",
            "[-n] device [new-image-file] [format]",
            "put a new image over a drive, in the format qcow2 if none is named\n"
                + "\t\t\t(-n: the image exists)",
            call -> overlay(qmp, call)),
        new HmpCommand(
            "snapshot_blkdev_internal",
            "device:B name:s",
            "device name",
            "take a snapshot inside a drive's image",
            call ->
                qmp.blockCore()
                    .blockdevSnapshotInternalSync(call.text("device"), call.text("name"))),
        new HmpCommand(
            "snapshot_delete_blkdev_internal",
            "device:B name:s id?:s",
            "device name [id]",
            "delete a snapshot inside a drive's image; with an identifier, only\n"
                + "\t\t\tthat which has both",
            call ->
                qmp.blockCore()
                    .blockdevSnapshotDeleteInternalSync(
                        call.text("device"),
                        optional(call, "id"),
                        Optional.of(call.text("name")))));
  }

  private static Optional<String> optional(HmpCall call, String name) {
    return call.has(name) ? Optional.of(call.text(name)) : Optional.empty();
  }

  private static void overlay(QmpGroups qmp, HmpCall call) throws QmpException, BlockException {
    if (!call.has("snapshot-file")) {
      throw QmpException.generic("Parameter 'snapshot-file' is missing");
    }
    NewImageMode mode = call.has("n") ? NewImageMode.EXISTING : NewImageMode.ABSOLUTE_PATHS;
    qmp.blockCore()
        .blockdevSnapshotSync(
            new BlockdevSnapshotSync(
                Optional.of(call.text("device")),
                Optional.empty(),
                call.text("snapshot-file"),
                Optional.empty(),
                optional(call, "format"),
                Optional.of(mode)));
  }
}
