// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.testing;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.command.bitmap.BitmapCommands;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.TestingCommands;
import org.qblockd.qapi.types.DirtyBitmapTestState;
import org.qblockd.qapi.types.FaultInfo;
import org.qblockd.qapi.types.FaultRule;
import org.qblockd.qapi.types.JobHoldInfo;
import org.qblockd.qapi.types.JobHoldPoint;
import org.qblockd.qapi.types.TestClockTime;

/** The commands that make the server deterministic and faulty. Control lane, except by OOB. */
public final class TestingVerbs implements TestingCommands {
  private final Machine machine;
  private final JobHoldCommands holds;
  private final FaultCommands faults;
  private final ClockCommands clock;

  /** The commands of this machine. */
  public TestingVerbs(Machine machine) {
    this.machine = machine;
    holds = new JobHoldCommands(machine.jobs());
    faults = new FaultCommands(machine);
    clock = new ClockCommands(machine);
  }

  @Override
  public void xJobHold(String id, JobHoldPoint at, Optional<Long> every)
      throws QmpException, BlockException {
    holds.hold(id, at, every);
  }

  @Override
  public void xJobStep(String id, Optional<Long> count) throws QmpException, BlockException {
    holds.step(id, count.orElse(1L));
  }

  @Override
  public void xJobRelease(String id, Optional<JobHoldPoint> at) throws QmpException {
    holds.release(id, at);
  }

  @Override
  public List<JobHoldInfo> xQueryJobHolds() {
    return holds.query();
  }

  @Override
  public TestClockTime xClockStep(Optional<Long> ns) throws QmpException {
    return clock.step(ns);
  }

  @Override
  public TestClockTime xClockSet(long ns) throws QmpException {
    return clock.set(ns);
  }

  @Override
  public TestClockTime xQueryClock() throws QmpException {
    return clock.query();
  }

  @Override
  public void xFaultAdd(FaultRule rule) throws QmpException, BlockException {
    faults.add(rule);
  }

  @Override
  public FaultInfo xFaultRemove(String id) throws QmpException {
    return faults.remove(id);
  }

  @Override
  public List<FaultInfo> xQueryFaults() {
    return faults.query();
  }

  @Override
  public void xBlockDirtyBitmapSetState(String node, String name, DirtyBitmapTestState state)
      throws QmpException, BlockException {
    DirtyBitmap bitmap = new BitmapCommands(machine.graph()).find(node, name).bitmap();
    if (bitmap.successor() != null) {
      throw QmpException.generic("Bitmap '" + name + "' is in use by a job");
    }
    switch (state) {
      case USABLE -> {
        if (bitmap.inconsistent()) {
          throw QmpException.generic("The bits of bitmap '" + name + "' are not known any more");
        }
        bitmap.setBusy(false);
        bitmap.setKeptInUse(false);
      }
      case BUSY -> bitmap.setBusy(true);
      case INCONSISTENT -> bitmap.setInconsistent();
      case IN_USE -> {
        if (!bitmap.persistent()) {
          throw QmpException.generic("Bitmap '" + name + "' is not persistent");
        }
        bitmap.setKeptInUse(true);
      }
    }
  }
}
