// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Optional;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.base.VirtualClock;
import org.qblockd.base.YankInstances;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.fault.Faults;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.chardev.CharDevices;
import org.qblockd.driver.NodeOpener;
import org.qblockd.export.BlockExports;
import org.qblockd.job.Jobs;
import org.qblockd.machine.device.Devices;
import org.qblockd.machine.drive.Drives;
import org.qblockd.machine.net.NetBackends;
import org.qblockd.machine.object.UserObjects;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.VersionInfo;
import org.qblockd.replication.ReplicationControl;
import org.qblockd.storage.FdSets;

/**
 * The parts of one server that commands work on. Immutable; the parts name their own threads.
 *
 * @param clock the host's clock
 * @param virtualClock the clock of throttling, accounting and the rate limit of events: the host's,
 *     or under {@code -accel qtest} one that clients move by hand
 * @param name the name given by -name
 * @param version what query-version and the greeting show
 */
public record Machine(
    ControlLane lane,
    Clock clock,
    Clock virtualClock,
    EventSink events,
    BlockGraph graph,
    NodeOpener opener,
    Drives drives,
    Jobs jobs,
    BlockJobContext blockJobs,
    ReplicationControl replication,
    RunStates runStates,
    Shutdown shutdown,
    ObjectTree tree,
    Devices devices,
    CharDevices charDevices,
    NetBackends nets,
    FdSets fdSets,
    UserObjects objects,
    BlockExports exports,
    Faults faults,
    YankInstances yanks,
    MachineFacts facts,
    Optional<String> name,
    VersionInfo version) {

  /** Whether a test driver moves the virtual clock; each accounted request then costs 1 ms. */
  public boolean underTest() {
    return virtualClock instanceof VirtualClock;
  }
}
