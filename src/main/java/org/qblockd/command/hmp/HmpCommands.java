// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.command.qemuio.QemuIo;
import org.qblockd.machine.Machine;
import org.qblockd.machine.RunStates;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.commands.ControlCommands;
import org.qblockd.qapi.commands.MiscCommands;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.VersionInfo;

/** The commands of the human monitor that this server has. Control lane. */
public final class HmpCommands {
  private final Machine machine;
  private final BlockGraph graph;
  private final BlockInfos blockInfos;
  private final QemuIo qemuIo;
  private final ControlCommands control;
  private final MiscCommands misc;

  private HmpCommands(
      Machine machine,
      QemuIo qemuIo,
      ControlCommands control,
      MiscCommands misc,
      BlockCoreCommands block) {
    this.blockInfos = new BlockInfos(block);
    this.machine = machine;
    this.graph = machine.graph();
    this.qemuIo = qemuIo;
    this.control = control;
    this.misc = misc;
  }

  /**
   * An interpreter with all commands.
   *
   * @param control the QMP commands that {@code quit} stands for
   * @param misc the QMP commands that {@code stop} and {@code cont} stand for
   * @param block the QMP commands whose answers {@code info block} shows
   * @param out the server's standard output
   */
  public static Hmp interpreter(
      Machine machine,
      QemuIo qemuIo,
      ControlCommands control,
      MiscCommands misc,
      BlockCoreCommands block,
      PrintStream out) {
    HmpCommands commands = new HmpCommands(machine, qemuIo, control, misc, block);
    return new Hmp(out, commands.commands(), commands.infos());
  }

  private List<HmpCommand> commands() {
    return List.of(
        plain(List.of("cont", "c"), "resume emulation", quietly(misc::cont)),
        new HmpCommand(
            List.of("qemu-io"),
            List.of(
                new HmpCommand.Parameter("d", HmpCommand.Kind.FLAG),
                new HmpCommand.Parameter("device", HmpCommand.Kind.DEVICE),
                new HmpCommand.Parameter("command", HmpCommand.Kind.STRING)),
            "[-d] [device] \"[command]\"",
            "run a qemu-io command on a block device\n"
                + "\t\t\t-d: [device] is a device ID rather than a drive ID or node name",
            this::runQemuIo),
        plain(List.of("quit", "q"), "quit the emulator", quietly(control::quit)),
        plain(List.of("stop", "s"), "stop emulation", quietly(misc::stop)));
  }

  private List<HmpCommand> infos() {
    return List.of(
        new HmpCommand(
            List.of("block"),
            List.of(
                new HmpCommand.Parameter("n", HmpCommand.Kind.FLAG),
                new HmpCommand.Parameter("device", HmpCommand.Kind.OPTIONAL_DEVICE)),
            "[-n] [device]",
            "show info of one block device or all block devices (-n: show named nodes)",
            blockInfos::run),
        plain(
            List.of("block-jobs"),
            "show progress of ongoing block device operations",
            blockInfos::jobs),
        plain(List.of("name"), "show the current VM name", this::name),
        plain(List.of("status"), "show the current VM status (running|paused)", this::status),
        plain(List.of("version"), "show the version of QEMU", this::version));
  }

  private interface Action {
    String run() throws QmpException, BlockException;
  }

  private interface QmpCommand {
    void run() throws QmpException, BlockException;
  }

  private static Action quietly(QmpCommand command) {
    return () -> {
      command.run();
      return "";
    };
  }

  private static HmpCommand plain(List<String> names, String summary, Action action) {
    return new HmpCommand(names, List.of(), "", summary, arguments -> action.run());
  }

  private String status() {
    RunStates states = machine.runStates();
    boolean paused = states.running() || states.state() == RunState.PAUSED;
    String more = paused ? "" : " (" + states.state().wireName() + ")";
    return "VM status: " + (states.running() ? "running" : "paused") + more + "\r\n";
  }

  private String name() {
    return machine.name().map(name -> name + "\r\n").orElse("");
  }

  private String version() {
    VersionInfo version = machine.version();
    return "%d.%d.%d%s\r\n"
        .formatted(
            version.qemu().major(),
            version.qemu().minor(),
            version.qemu().micro(),
            version.package_());
  }

  private String runQemuIo(Map<String, String> arguments) throws QmpException, BlockException {
    String device = arguments.getOrDefault("device", "");
    String command = arguments.getOrDefault("command", "");
    if (arguments.containsKey("d")) {
      boolean path = device.startsWith("/machine") || device.equals("/");
      throw new QmpException(
          ErrorClass.DEVICE_NOT_FOUND,
          path ? device + " is not a device" : "Device '" + device + "' not found");
    }
    BlockBackend backend = graph.backend(device);
    if (backend != null) {
      return qemuIo.run(backend, command);
    }
    BlockNode node = graph.lookup(null, device);
    BlockBackend temporary = new BlockBackend(graph, "", new Perms(0, Permission.ALL));
    try {
      temporary.insert(node);
      return qemuIo.run(temporary, command);
    } finally {
      qemuIo.settle();
      temporary.close();
    }
  }
}
