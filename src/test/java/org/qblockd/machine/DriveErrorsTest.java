// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BufferPool;
import org.qblockd.base.ControlLane;
import org.qblockd.base.Errno;
import org.qblockd.base.ManualClock;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.blockjob.IoStatus;
import org.qblockd.blockjob.OnError;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveUser;
import org.qblockd.machine.drive.Drives;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.RunState;

/** Order and content as the real QEMU shows them when a guest's read fails with rerror=stop. */
final class DriveErrorsTest {
  private static final DriveUser DISK =
      new DriveUser() {
        @Override
        public String id() {
          return "hd0";
        }

        @Override
        public String path() {
          return "/machine/peripheral/hd0";
        }

        @Override
        public Media media() {
          return Media.FIXED;
        }

        @Override
        public boolean keepsIoStatus() {
          return true;
        }
      };

  private final ControlLane lane = new ControlLane();
  private final BlockGraph graph = new BlockGraph(lane, BufferPool.shared(), () -> 42);
  private final List<String> events = new ArrayList<>();
  private final EventSink sink = (name, data) -> events.add(name + " " + data);
  private final RunStates runStates =
      new RunStates(lane, graph, sink, new Shutdown(sink), RunState.RUNNING, null);

  @Test
  void aStoppingErrorIsToldBeforeTheStop() throws Exception {
    Drives drives = new Drives(sink, new ManualClock(), true);
    Drive drive = drives.create(new BlockBackend(graph, "d0", Perms.NONE), null);
    drive.attach(DISK);
    drive.setPolicies(OnError.STOP, OnError.ENOSPC);
    ErrorAction action =
        onLane(() -> new DriveErrors(runStates, sink).failed(drive, true, Errno.EIO));
    onLane(() -> "what was posted has run");
    assertEquals(ErrorAction.STOP, action);
    assertEquals(Optional.of(IoStatus.FAILED), drive.ioStatus());
    assertEquals(RunState.IO_ERROR, runStates.state());
    assertEquals(2, events.size());
    assertTrue(events.get(0).startsWith("BLOCK_IO_ERROR "), events.get(0));
    assertTrue(events.get(1).startsWith("STOP "), events.get(1));
  }

  private <T> T onLane(java.util.concurrent.Callable<T> action) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    lane.execute(() -> {
      try {
        result.complete(action.call());
      } catch (Exception failure) {
        result.completeExceptionally(failure);
      }
    });
    return result.get();
  }
}
