// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.monitor.hmp.HumanSession;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.StatusInfo;
import org.qblockd.qapi.types.VersionInfo;

/** The human commands about the monitor and the machine as a whole. Control lane. */
final class MachineRows {
  private final QmpGroups qmp;

  private MachineRows(QmpGroups qmp) {
    this.qmp = qmp;
  }

  static List<HmpCommand> rows(QmpGroups qmp) {
    MachineRows rows = new MachineRows(qmp);
    return List.of(
        new HmpCommand("cont|c", "", "", "resume emulation", call -> qmp.misc().cont()),
        new HmpCommand(
            "help|?", "name?:S", "[cmd]", "show the help", MachineRows::answeredElsewhere),
        new HmpCommand(
            "info",
            "item?:s",
            "[subcommand]",
            "show what is known of a part of the system",
            MachineRows::answeredElsewhere),
        new HmpCommand("quit|q", "", "", "quit the emulator", rows::quit),
        new HmpCommand("stop|s", "", "", "stop emulation", call -> qmp.misc().stop()));
  }

  static List<HmpCommand> infos(QmpGroups qmp) {
    MachineRows rows = new MachineRows(qmp);
    return List.of(
        new HmpCommand("history", "", "", "list the lines entered so far", MachineRows::history),
        new HmpCommand(
            "name",
            "",
            "",
            "show the machine's name",
            call -> qmp.misc().queryName().name().ifPresent(name -> call.print(name + "\n"))),
        new HmpCommand("status", "", "", "show whether the machine runs", rows::status),
        new HmpCommand("version", "", "", "show the version of QEMU", rows::version));
  }

  /** The interpreter itself sees to {@code help} and {@code info}; here they are in the list. */
  private static void answeredElsewhere(HmpCall call) {
    throw new IllegalStateException("the interpreter answers this");
  }

  /** No prompt follows. */
  private void quit(HmpCall call) throws QmpException, BlockException {
    HumanSession session = HumanSession.current();
    if (session != null) {
      session.suspend();
    }
    qmp.control().quit();
  }

  private static void history(HmpCall call) {
    HumanSession session = HumanSession.current();
    List<String> lines = new ArrayList<>(session == null ? List.of() : session.history());
    for (int i = 0; i < lines.size(); i++) {
      call.print(i + ": '" + lines.get(i) + "'\n");
    }
  }

  private void status(HmpCall call) throws QmpException, BlockException {
    StatusInfo info = qmp.runState().queryStatus();
    RunState state = info.status();
    boolean plain = state == RunState.RUNNING || state == RunState.PAUSED;
    call.print(
        "VM status: %s%s\n"
            .formatted(
                info.running() ? "running" : "paused", plain ? "" : " (" + state.wireName() + ")"));
  }

  private void version(HmpCall call) throws QmpException, BlockException {
    VersionInfo info = qmp.control().queryVersion();
    call.print(
        "%d.%d.%d%s\n"
            .formatted(
                info.qemu().major(), info.qemu().minor(), info.qemu().micro(), info.package_()));
  }
}
