// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.ChardevOptions;
import org.qblockd.app.commandline.CommandLine;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.GuestOptions;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.ProcessOptions;
import org.qblockd.app.commandline.Program;
import org.qblockd.app.process.Background;
import org.qblockd.app.process.PidFile;
import org.qblockd.app.process.Signals;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.Machine;
import org.qblockd.machine.MachineFacts;
import org.qblockd.machine.drive.Drive;
import org.qblockd.monitor.Recording;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.ShutdownCause;

/**
 * One server from its start to its end. The main thread starts it and waits for its end; the end
 * itself happens on the control lane.
 */
final class Server {
  private final CommandLine line;
  private final Messages messages;
  private final Core core;
  private final Transports transports;
  private final @Nullable DashboardStart dashboard;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile @Nullable PidFile pidFile;
  private @Nullable Background background;
  private @Nullable Recording recording;
  private volatile boolean serving;
  private boolean watching;
  private volatile int exitStatus;

  /**
   * A server that is not started.
   *
   * @throws CommandLineException for a release that cannot be presented
   */
  Server(CommandLine line, String version, Messages messages) throws CommandLineException {
    this.line = line;
    this.messages = messages;
    Core made =
        Core.create(
            new Core.Setup(
                line.process().name(),
                initialState(line.process()),
                facts(line),
                testClock(line.guest()),
                line.program() == Program.STORAGE_DAEMON,
                version,
                ClientTrials.release(line)),
            messages);
    dashboard =
        line.process().dashboard().isPresent()
            ? DashboardStart.of(line.process(), made, version, messages)
            : null;
    core = dashboard == null ? made : dashboard.core();
    transports = new Transports(core, messages, this::watchSignals);
    core.machine().shutdown().onRequest(this::end);
    core.migration().onFatal(this::fail);
  }

  private static RunState initialState(ProcessOptions process) {
    if (process.incoming().isPresent()) {
      return RunState.INMIGRATE;
    }
    return process.stopped() ? RunState.PRELAUNCH : RunState.RUNNING;
  }

  private static MachineFacts facts(CommandLine line) {
    GuestOptions guest = line.guest();
    return new MachineFacts(
        guest.typeName(),
        line.process().uuid(),
        guest.memory(),
        guest.topology(),
        Optional.ofNullable(guest.cpu()));
  }

  private static Core.TestClock testClock(GuestOptions guest) {
    if (!guest.underTest()) {
      return Core.TestClock.NONE;
    }
    return guest.isBare() ? Core.TestClock.BARE : Core.TestClock.WITH_INTERVAL_TIMER;
  }

  /** The machine and what belongs to it. */
  Core core() {
    return core;
  }

  /** The web page; null when there is none. */
  @Nullable DashboardStart dashboard() {
    return dashboard;
  }

  /** The sockets. */
  Transports transports() {
    return transports;
  }

  /**
   * Opens everything in QEMU's order and begins to serve. When it throws, all is closed again.
   *
   * @throws CommandLineException with what the user is told
   */
  void start() throws CommandLineException, HelpException {
    try {
      recording = ClientTrials.recording(line, core.machine());
      transports.recordTo(recording);
      if (line.program() == Program.STORAGE_DAEMON) {
        enterBackground();
        new DaemonStart(core, transports, messages).open(line.steps());
        writePidFile();
      } else {
        openMachine();
      }
    } catch (CommandLineException | HelpException | RuntimeException failed) {
      abandon();
      throw failed;
    }
    messages.locate("");
    openDashboard();
    serving = true;
    transports.start();
    watchSignals();
    goOnAlone();
  }

  /** As {@link #start}, in a process that is not the server's own. */
  void startEmbedded() throws CommandLineException, HelpException {
    watching = true;
    start();
  }

  /** Signals are blocked until somebody waits for them, so none is lost if that begins late. */
  private void watchSignals() {
    if (!watching) {
      watching = true;
      Signals.start(this::signalled, this::endWithJvm);
    }
  }

  /** In the order in which QEMU's emulator opens things; what is wrong first, is told. */
  private void openMachine() throws CommandLineException, HelpException {
    messages.beginAs(line.process(), core.machine().clock());
    EarlyChecks.of(line.process());
    StartState.apply(line.process(), core.machine());
    DeviceSetup devices = new DeviceSetup(core, messages);
    devices.answerHelp(line.devices());
    enterBackground();
    writePidFile();
    line.guest().checkKind();
    ObjectSetup objects = new ObjectSetup(core, messages);
    objects.openEarly(line.objects());
    for (Located<ChardevOptions> chardev : line.chardevs()) {
      transports.open(chardev);
    }
    DriveSetup drives = new DriveSetup(core, line.guest().type(), messages);
    drives.open(line);
    line.guest().checkRest();
    connectTestDriver();
    if (!line.guest().networks().isEmpty()) {
      new NetSetup(core.machine()).open(line.guest().networks());
    }
    objects.openLate(line.objects());
    transports.monitors(line.monitors());
    transports.ports(line.guest().ports(), !line.guest().isBare());
    core.machine().devices().setOnboard(line.guest().onboard());
    if (!line.guest().globals().isEmpty()) {
      core.machine().devices().setGlobals(line.guest().globals(), messages::print);
    }
    drives.plugIn(core.machine().devices());
    drives.checkPlaces();
    devices.open(line.devices());
    drives.plug(devices);
    for (String vain : core.machine().devices().vainGlobals()) {
      messages.report("warning: " + vain);
    }
    core.machine().devices().machineReady();
    if (line.process().incoming().isPresent()) {
      core.migration().expectIncoming();
      new IncomingStart(core).listen(line.process().incoming().get());
    }
  }

  private void openDashboard() throws CommandLineException {
    if (dashboard != null) {
      try {
        dashboard.open();
      } catch (CommandLineException failed) {
        abandon();
        throw failed;
      }
    }
  }

  private void enterBackground() throws CommandLineException {
    if (line.process().daemonize()) {
      try {
        background = Background.enter();
      } catch (BlockException e) {
        throw new CommandLineException("", e);
      }
    }
  }

  private void goOnAlone() throws CommandLineException {
    Background started = background;
    if (started != null) {
      try {
        started.ready(line.process().logFile().isPresent());
      } catch (BlockException e) {
        throw new CommandLineException("", e);
      }
    }
  }

  private void writePidFile() throws CommandLineException {
    if (line.process().pidFile().isEmpty()) {
      return;
    }
    try {
      pidFile = PidFile.write(line.process().pidFile().get());
    } catch (BlockException e) {
      throw new CommandLineException("", "cannot create PID file: " + e.message());
    }
  }

  private void connectTestDriver() throws CommandLineException {
    Located<String> driver = line.guest().testDriver().orElse(null);
    if (driver != null) {
      transports.testDriver(driver.value(), testLog());
    }
  }

  private @Nullable PrintStream testLog() throws CommandLineException {
    String name = line.guest().testLog();
    if (name == null) {
      return System.err;
    }
    if (name.equals("none")) {
      return null;
    }
    try {
      return new PrintStream(name, StandardCharsets.UTF_8);
    } catch (IOException e) {
      // As in QEMU, nothing is said.
      return null;
    }
  }

  /** Waits until the server has ended; returns the exit status. */
  int await() throws InterruptedException {
    ended.await();
    return exitStatus;
  }

  // ---- the end --------------------------------------------------------------------------------

  /** On the thread of the signals. */
  private void signalled(Signals.Received signal) {
    if (!serving) {
      removeTraces();
      Signals.dieOf(signal);
    }
    requestEnd(signal.report());
  }

  private void requestEnd(String report) {
    core.machine()
        .lane()
        .execute(() -> {
          if (!line.guest().underTest() && line.program() != Program.STORAGE_DAEMON) {
            messages.report(report);
          }
          core.machine().shutdown().request(ShutdownCause.HOST_SIGNAL);
        });
  }

  /** Without the launcher the JVM takes the signals, and tells only that it ends. */
  private void endWithJvm() {
    Thread hook =
        Thread.ofPlatform()
            .unstarted(() -> {
              requestEnd("terminating on a signal");
              try {
                int unused = await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Signals.exit(0);
            });
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * On the control lane, inside the command or signal that asked for the end: when this is over,
   * all is on disk. What is left is done when that command has been answered, and nothing runs on
   * the lane after it.
   */
  private void end() {
    try {
      core.migration().shutDown();
      closeAll();
    } catch (RuntimeException bug) {
      messages.bug("quit", bug);
    }
    core.machine().lane().post(this::finish);
  }

  /** On the control lane: the machine that was to come does not, so there is nothing to serve. */
  private void fail() {
    exitStatus = 1;
    end();
  }

  private void closeAll() {
    Machine machine = core.machine();
    machine.faults().endAll();
    machine.exports().closeAll();
    machine.drives().forgetPlugging();
    settle(machine);
    machine.graph().drainAllEnd(machine.graph().drainAllBegin());
    machine.jobs().cancelAll();
    for (Drive drive : machine.drives().all()) {
      drive.backend().close();
    }
    for (BlockNode node : List.copyOf(machine.graph().nodes()).reversed()) {
      node.setMonitorOwned(false);
      machine.graph().closeIfUnused(node);
    }
    machine.objects().disposeAll();
  }

  /** What QEMU does when its machine stops: a drain that jobs notice, and a flush. */
  private void settle(Machine machine) {
    machine.graph().drainAllEnd(machine.graph().drainAllBegin());
    for (BlockNode node : machine.graph().nodes()) {
      try {
        if (!node.readOnly()) {
          node.flush();
        }
      } catch (BlockException lost) {
        messages.lost(node, lost);
      }
    }
  }

  private void finish() {
    core.events().drain();
    removeTraces();
    ended.countDown();
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeTraces() {
    if (dashboard != null) {
      dashboard.close();
    }
    transports.close();
    if (recording != null) {
      recording.close();
    }
    PidFile written = pidFile;
    if (written != null) {
      written.remove();
    }
  }

  /** The start has failed. */
  private void abandon() {
    try {
      core.onLane(this::closeAll);
    } catch (BlockException e) {
      messages.report(e.message());
    }
    removeTraces();
  }
}
