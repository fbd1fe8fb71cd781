// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.base.SystemClock;
import org.qblockd.base.VirtualClock;
import org.qblockd.base.YankInstances;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.fault.Faults;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.chardev.CharDevices;
import org.qblockd.chardev.DeviceHost;
import org.qblockd.command.Commands;
import org.qblockd.command.chardev.MonitorDescriptors;
import org.qblockd.driver.DriverRegistry;
import org.qblockd.driver.NodeOpener;
import org.qblockd.export.BlockExports;
import org.qblockd.job.Jobs;
import org.qblockd.machine.BlockDrivers;
import org.qblockd.machine.ExportEvents;
import org.qblockd.machine.FaultEvents;
import org.qblockd.machine.JobEvents;
import org.qblockd.machine.Machine;
import org.qblockd.machine.MachineFacts;
import org.qblockd.machine.RunStates;
import org.qblockd.machine.Shutdown;
import org.qblockd.machine.device.Devices;
import org.qblockd.machine.drive.Drives;
import org.qblockd.machine.migration.Migration;
import org.qblockd.machine.net.NetBackends;
import org.qblockd.machine.object.NetParts;
import org.qblockd.machine.object.UserObjects;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.monitor.Backend;
import org.qblockd.monitor.EventBus;
import org.qblockd.monitor.ReleaseEvents;
import org.qblockd.monitor.SchemaCommands;
import org.qblockd.monitor.hmp.HumanMonitor;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.Release;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.VersionInfo;
import org.qblockd.qapi.types.VersionTriple;
import org.qblockd.replication.ReplicationNodes;
import org.qblockd.storage.FdSets;

/**
 * The machine and what monitors need of it, before anything is opened.
 *
 * @param events also the machine's event sink
 * @param backend what all monitors share
 * @param commands all commands
 */
record Core(
    Machine machine, Migration migration, EventBus events, Backend backend, Commands commands) {
  private static final int MICROS_PER_TWO_DIGITS = 100;
  private static final String NO_UUID = "00000000-0000-0000-0000-000000000000";

  /**
   * What a machine is made from.
   *
   * @param initial the run state in which it begins
   * @param facts what the command line says about the machine
   * @param test which virtual clock the machine has
   * @param storageDaemon whether QMP is that of qemu-storage-daemon
   * @param release the older release that QMP is that of, or null
   */
  record Setup(
      Optional<String> name,
      RunState initial,
      MachineFacts facts,
      TestClock test,
      boolean storageDaemon,
      String version,
      @Nullable Release release) {}

  /** Makes an empty machine. */
  static Core create(Setup setup, Messages messages) {
    TestClock test = setup.test();
    Clock clock = SystemClock.INSTANCE;
    ControlLane lane = new ControlLane();
    VirtualClock testClock = testClock(test, lane);
    Clock virtualClock = testClock == null ? clock : testClock;
    EventBus bus = new EventBus(virtualClock);
    Release release = setup.release();
    EventSink events = release == null ? bus : new ReleaseEvents(bus, release);
    FdSets fdSets = new FdSets();
    Shutdown shutdown = new Shutdown(events, !setup.storageDaemon());
    MuxCommands keys = new MuxCommands();
    BlockGraph graph = graph(lane, clock);
    ObjectTree tree = new ObjectTree(setup.facts().type());
    YankInstances yanks = new YankInstances();
    CharDevices charDevices = charDevices(messages, keys, yanks);
    NetBackends nets = new NetBackends(charDevices);
    UserObjects objects = new UserObjects(tree, virtualClock, new NetParts(nets, charDevices));
    JobEvents jobEvents = new JobEvents(events, messages::report);
    Jobs jobs = new Jobs(lane, clock, jobEvents);
    BlockJobContext blockJobs = new BlockJobContext(graph, jobs, jobEvents);
    ReplicationNodes replication = new ReplicationNodes(blockJobs);
    DriverRegistry drivers =
        drivers(new DriverNeeds(clock, fdSets, events, objects, yanks, replication), messages);
    NodeOpener opener = new NodeOpener(graph, drivers, messages::relay);
    Drives drives = new Drives(events, virtualClock, test == TestClock.NONE).with(jobs);
    RunStates runStates = new RunStates(lane, graph, events, shutdown, setup.initial(), testClock);
    Migration migration = migration(setup, runStates, replication, events, graph, messages);
    Devices devices =
        new Devices(lane, graph, drives, tree, events, runStates, setup.facts().type());
    devices.setNetdevs(nets);
    Machine machine =
        new Machine(
            lane,
            clock,
            virtualClock,
            events,
            graph,
            opener,
            drives,
            jobs,
            blockJobs,
            replication,
            runStates,
            shutdown,
            tree,
            devices,
            charDevices,
            nets,
            fdSets,
            objects,
            new BlockExports(graph, clock, new ExportEvents(events), messages::report),
            new Faults(graph, clock, virtualClock, new FaultEvents(events)),
            yanks,
            setup.facts(),
            setup.name(),
            version(setup));
    lane.executeHere(machine.exports()::holdClients);
    return serving(machine, migration, bus, keys, setup, messages);
  }

  private static Migration migration(
      Setup setup,
      RunStates runStates,
      ReplicationNodes replication,
      EventSink events,
      BlockGraph graph,
      Messages messages) {
    return new Migration(
        new Migration.Parts(
            graph.lane(),
            SystemClock.INSTANCE,
            events,
            graph,
            runStates,
            replication,
            messages::report,
            messages::print,
            setup.facts().uuid().orElse(NO_UUID)));
  }

  private static CharDevices charDevices(Messages messages, MuxCommands keys, YankInstances yanks) {
    Clock clock = SystemClock.INSTANCE;
    return new CharDevices(
        new DeviceHost(messages::reportHere, System.out::println, clock, keys, yanks));
  }

  /** What the drivers are given of the machine. */
  private record DriverNeeds(
      Clock clock,
      FdSets fdSets,
      EventSink events,
      UserObjects objects,
      YankInstances yanks,
      ReplicationNodes replication) {}

  private static DriverRegistry drivers(DriverNeeds needs, Messages messages) {
    return BlockDrivers.all(
        needs.clock,
        needs.fdSets,
        text -> new MonitorDescriptors().take(text),
        needs.events,
        needs.objects,
        needs.yanks,
        needs.replication,
        System.out::println,
        messages::reportHere);
  }

  /** With the commands, which need the whole machine. */
  private static Core serving(
      Machine machine,
      Migration migration,
      EventBus bus,
      MuxCommands keys,
      Setup setup,
      Messages messages) {
    boolean daemon = setup.storageDaemon();
    Release release = setup.release();
    machine.opener().setIncoming(() -> machine.runStates().state() == RunState.INMIGRATE);
    Commands commands =
        new Commands(
            machine, migration, System.out, System.err, TypedChardev::new, daemon, release);
    keys.bind(machine, commands);
    SchemaCommands described = new SchemaCommands(commands, daemon, release);
    Backend backend =
        new Backend(machine.version().toJson(), described, machine.lane(), messages::bug);
    return new Core(machine, migration, bus, backend, commands);
  }

  private static VersionInfo version(Setup setup) {
    Release release = setup.release();
    Release.Version shown = release == null ? Release.REFERENCE : release.version();
    return new VersionInfo(
        new VersionTriple(shown.major(), shown.minor(), shown.micro()),
        "qblockd-" + setup.version());
  }

  /** An empty graph; names that it makes up end in digits that nobody can guess. */
  private static BlockGraph graph(ControlLane lane, Clock clock) {
    return new BlockGraph(
        lane, BufferPool.shared(), () -> (int) (clock.realtimeMicros() % MICROS_PER_TWO_DIGITS));
  }

  private static @Nullable VirtualClock testClock(TestClock test, ControlLane lane) {
    return test == TestClock.NONE
        ? null
        : new VirtualClock(test == TestClock.WITH_INTERVAL_TIMER, lane::kick);
  }

  /** Which virtual clock the machine has. */
  enum TestClock {
    /** The host's. */
    NONE,
    /** One moved by hand, in a machine without any timer. */
    BARE,
    /** One moved by hand, in a PC. */
    WITH_INTERVAL_TIMER
  }

  /** A human monitor that has no user yet. */
  HumanMonitor humanMonitor() {
    VersionTriple version = machine.version().qemu();
    return new HumanMonitor(
        version.major() + "." + version.minor() + "." + version.micro(),
        machine.lane(),
        commands::humanMonitor,
        backend.bugs());
  }

  /** Something to do on the control lane. */
  interface LaneAction {
    /** Does it. */
    void run() throws BlockException;
  }

  /**
   * Does something on the control lane and waits for its end. Only while no monitor is served, when
   * nobody else is on the lane for long.
   */
  void onLane(LaneAction action) throws BlockException {
    LaneCall call = new LaneCall(action);
    machine.lane().executeHere(call);
    call.await();
  }
}
