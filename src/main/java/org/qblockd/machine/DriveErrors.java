// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Optional;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveUser;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.BlockErrorAction;
import org.qblockd.qapi.types.BlockIoErrorEvent;
import org.qblockd.qapi.types.IoOperationType;
import org.qblockd.qapi.types.RunState;

/**
 * What a failed request of a device leads to: the drive's policy, the event BLOCK_IO_ERROR, the
 * stop of the machine. For requests that come as a guest's; {@code qemu-io} passes devices by.
 * Control lane.
 */
public final class DriveErrors {
  private final RunStates runStates;
  private final EventSink events;

  /** For the devices of one machine. */
  public DriveErrors(RunStates runStates, EventSink events) {
    this.runStates = runStates;
    this.events = events;
  }

  /** Does what the policy says; returns what becomes of the request. */
  public ErrorAction failed(Drive drive, boolean read, Errno errno) {
    ErrorAction action = drive.applyPolicy(read, errno);
    boolean stops = action == ErrorAction.STOP;
    if (stops) {
      runStates.requestStop(RunState.IO_ERROR);
    }
    DriveUser user = drive.user();
    BlockNode node = drive.backend().node();
    boolean tellsSpace = drive.ioStatus().isPresent();
    events.emit(
        new BlockIoErrorEvent(
            user == null ? "" : user.path(),
            drive.backend().name(),
            node == null ? Optional.empty() : Optional.of(node.name()),
            read ? IoOperationType.READ : IoOperationType.WRITE,
            BlockErrorAction.valueOf(action.name()),
            tellsSpace ? Optional.of(errno == Errno.ENOSPC) : Optional.empty(),
            errno.text()));
    if (stops) {
      runStates.stopRequested();
    }
    return action;
  }
}
