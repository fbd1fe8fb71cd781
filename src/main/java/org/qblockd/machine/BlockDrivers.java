// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.function.Consumer;
import org.qblockd.base.Clock;
import org.qblockd.base.YankInstances;
import org.qblockd.driver.DriverRegistry;
import org.qblockd.driver.blkdebug.BlkdebugDriver;
import org.qblockd.driver.blklogwrites.LogWritesDriver;
import org.qblockd.driver.blkverify.BlkverifyDriver;
import org.qblockd.driver.compress.CompressDriver;
import org.qblockd.driver.copybeforewrite.CopyBeforeWriteDriver;
import org.qblockd.driver.copyonread.CopyOnReadDriver;
import org.qblockd.driver.file.FileDriver;
import org.qblockd.driver.luks.LuksDriver;
import org.qblockd.driver.nbd.NbdDriver;
import org.qblockd.driver.nullblock.NullDriver;
import org.qblockd.driver.qcow2.Qcow2Driver;
import org.qblockd.driver.quorum.QuorumDriver;
import org.qblockd.driver.raw.RawDriver;
import org.qblockd.driver.replication.ReplicationDriver;
import org.qblockd.driver.replication.ReplicationListener;
import org.qblockd.driver.snapshotaccess.SnapshotAccessDriver;
import org.qblockd.driver.throttle.ThrottleDriver;
import org.qblockd.driver.vdi.VdiDriver;
import org.qblockd.driver.vpc.VpcDriver;
import org.qblockd.machine.object.UserObjects;
import org.qblockd.qapi.EventSink;
import org.qblockd.storage.FdSets;
import org.qblockd.storage.HostFileType;

/** The block drivers that are served. Any thread. */
public final class BlockDrivers {
  private BlockDrivers() {}

  /**
   * All of them; a driver's class is loaded when it is first used.
   *
   * @param fdSets what names in {@code /dev/fdset} lead to
   * @param events is told of damaged images
   * @param objects has the throttle groups
   * @param yanks knows the connections that may be cut
   * @param replication drives replication nodes
   * @param output takes lines for standard output
   * @param reports takes sentences for standard error, to stand behind the program's name
   */
  public static DriverRegistry all(
      Clock clock,
      FdSets fdSets,
      EventSink events,
      UserObjects objects,
      YankInstances yanks,
      ReplicationListener replication,
      Consumer<String> output,
      Consumer<String> reports) {
    return new DriverRegistry()
        .format("raw", () -> new RawDriver())
        .format(
            "qcow2",
            () ->
                new Qcow2Driver(
                    objects::password,
                    clock,
                    (node, standardError) ->
                        new ImageCorruption(node, events, standardError, reports)))
        .other("blkdebug", () -> new BlkdebugDriver(output))
        .other("blklogwrites", () -> new LogWritesDriver())
        .other("blkverify", () -> new BlkverifyDriver(Verification::fail))
        .other("compress", () -> new CompressDriver())
        .other("copy-before-write", () -> new CopyBeforeWriteDriver(clock))
        .other("copy-on-read", () -> new CopyOnReadDriver())
        .other("file", () -> new FileDriver(fdSets, HostFileType.REGULAR))
        .other("host_device", () -> new FileDriver(fdSets, HostFileType.DEVICE))
        .format("luks", () -> new LuksDriver(objects::password, clock))
        .other("nbd", () -> new NbdDriver(clock, yanks, id -> objects.tlsCreds(id) != null))
        .protocolName("nbd+tcp", "nbd")
        .protocolName("nbd+unix", "nbd")
        .other("null-aio", () -> new NullDriver("null-aio", clock))
        .other("null-co", () -> new NullDriver("null-co", clock))
        .other("quorum", () -> new QuorumDriver(new QuorumEvents(events)))
        .other("replication", () -> new ReplicationDriver(replication))
        .other("snapshot-access", () -> new SnapshotAccessDriver())
        .other("throttle", () -> new ThrottleDriver(objects.throttleGroups()))
        .format("vdi", () -> new VdiDriver())
        .format("vpc", () -> new VpcDriver());
  }
}
