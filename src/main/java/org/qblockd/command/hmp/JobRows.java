// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.types.DriveBackup;
import org.qblockd.qapi.types.DriveMirror;
import org.qblockd.qapi.types.MirrorSyncMode;
import org.qblockd.qapi.types.NewImageMode;

/** The human commands that start and steer block jobs. Control lane. */
final class JobRows {
  private JobRows() {}

  static List<HmpCommand> rows(QmpGroups qmp) {
    return List.of(
        new HmpCommand(
            "block_job_cancel",
            "-f device:B",
            "[-f] device",
            "end a block job without its result (-f: at once, even when it is in sync)",
            call -> qmp.blockCore().blockJobCancel(call.text("device"), call.flag("f"))),
        steering(
            qmp,
            "complete",
            "let a block job that is ready end with its result",
            BlockCoreCommands::blockJobComplete),
        steering(qmp, "pause", "halt a block job", BlockCoreCommands::blockJobPause),
        steering(qmp, "resume", "let a halted block job go on", BlockCoreCommands::blockJobResume),
        new HmpCommand(
            "block_job_set_speed",
            "device:B speed:o",
            "device speed",
            "limit the bytes that a block job copies in a second",
            call -> qmp.blockCore().blockJobSetSpeed(call.text("device"), call.number("speed"))),
        new HmpCommand(
            "drive_backup",
            "-n -f -c device:B target:s format?:s",
            "[-n] [-f] [-c] device target [format]",
            """
            copy a drive as it is now to a new image
            \t\t\t(-n: the image exists; -f: copy the backing files' data, too;
            \t\t\t-c: compress what is copied)\
            """,
            call -> backup(qmp, call)),
        new HmpCommand(
            "drive_mirror",
            "-n -f device:B target:s format?:s",
            "[-n] [-f] device target [format]",
            "copy a drive to a new image and keep the copy in sync\n"
                + "\t\t\t(-n: the image exists; -f: copy the backing files' data, too)",
            call -> mirror(qmp, call)));
  }

  private interface Verb {
    void apply(BlockCoreCommands block, String device) throws QmpException, BlockException;
  }

  private static HmpCommand steering(QmpGroups qmp, String verb, String summary, Verb action) {
    return new HmpCommand(
        "block_job_" + verb,
        "device:B",
        "device",
        summary,
        call -> action.apply(qmp.blockCore(), call.text("device")));
  }

  private static NewImageMode mode(HmpCall call) {
    return call.has("n") ? NewImageMode.EXISTING : NewImageMode.ABSOLUTE_PATHS;
  }

  private static MirrorSyncMode sync(HmpCall call) {
    return call.has("f") ? MirrorSyncMode.FULL : MirrorSyncMode.TOP;
  }

  private static void mirror(QmpGroups qmp, HmpCall call) throws QmpException, BlockException {
    qmp.blockCore()
        .driveMirror(
            DriveMirror.builder()
                .device(call.text("device"))
                .target(call.text("target"))
                .format(call.optionalText("format"))
                .sync(sync(call))
                .mode(Optional.of(mode(call)))
                .unmap(Optional.of(true))
                .build());
  }

  private static void backup(QmpGroups qmp, HmpCall call) throws QmpException, BlockException {
    qmp.blockCore()
        .driveBackup(
            DriveBackup.builder()
                .device(call.text("device"))
                .target(call.text("target"))
                .format(call.optionalText("format"))
                .sync(sync(call))
                .mode(Optional.of(mode(call)))
                .compress(call.flag("c"))
                .build());
  }
}
