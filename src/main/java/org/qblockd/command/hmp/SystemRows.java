// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.machine.QuietLog;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.KvmInfo;
import org.qblockd.qapi.types.Memdev;
import org.qblockd.qapi.types.WatchdogAction;

/** The human commands on the machine's power, and what is known of it. Control lane. */
final class SystemRows {
  private final QmpGroups qmp;

  private SystemRows(QmpGroups qmp) {
    this.qmp = qmp;
  }

  static List<HmpCommand> rows(QmpGroups qmp) {
    SystemRows rows = new SystemRows(qmp);
    return List.of(
        new HmpCommand(
            "logfile", "filename:F", "filename", "write the log to this file", SystemRows::log),
        new HmpCommand(
            "system_powerdown",
            "",
            "",
            "press the power button",
            call -> qmp.machine().systemPowerdown()),
        new HmpCommand(
            "system_reset", "", "", "reset the machine", call -> qmp.machine().systemReset()),
        new HmpCommand(
            "system_wakeup",
            "",
            "",
            "wake the guest that sleeps",
            call -> qmp.machine().systemWakeup()),
        new HmpCommand(
                "watchdog_action",
                "action:s",
                "[reset|shutdown|poweroff|pause|debug|none|inject-nmi]",
                "what happens when the watchdog is not fed",
                rows::watchdog)
            .completedBy(position -> position == 1 ? actions() : List.of()));
  }

  static List<HmpCommand> infos(QmpGroups qmp) {
    SystemRows rows = new SystemRows(qmp);
    return List.of(
        new HmpCommand("kvm", "", "", "show whether KVM is there and used", rows::kvm),
        new HmpCommand("memdev", "", "", "list the memory back ends", rows::memory),
        new HmpCommand(
            "uuid",
            "",
            "",
            "show the machine's UUID",
            call -> call.print(qmp.machine().queryUuid().uUID() + "\n")));
  }

  private static void log(HmpCall call) {
    try {
      QuietLog.create(call.text("filename"));
    } catch (BlockException e) {
      call.print(e.message() + "\n");
    }
  }

  private void watchdog(HmpCall call) throws QmpException, BlockException {
    WatchdogAction action = WatchdogAction.fromWire(call.text("action"));
    if (action == null) {
      throw QmpException.generic("invalid parameter value: " + call.text("action"));
    }
    qmp.runState().watchdogSetAction(action);
  }

  private static List<String> actions() {
    List<String> names = new ArrayList<>();
    for (WatchdogAction action : WatchdogAction.values()) {
      names.add(action.wireName());
    }
    return names;
  }

  private void kvm(HmpCall call) throws QmpException, BlockException {
    KvmInfo info = qmp.machine().queryKvm();
    String state = info.enabled() ? "enabled" : "disabled";
    call.print("kvm support: " + (info.present() ? state : "not compiled") + "\n");
  }

  private void memory(HmpCall call) throws QmpException, BlockException {
    for (Memdev device : qmp.machine().queryMemdev()) {
      StringBuilder nodes = new StringBuilder();
      for (long node : device.hostNodes()) {
        nodes.append(nodes.isEmpty() ? "" : ",").append(node);
      }
      call.print(
          """
          memory backend: %s
            size:  %d
            merge: %b
            dump: %b
            prealloc: %b
            share: %b
          """
              .formatted(
                  device.id().orElse(""),
                  device.size(),
                  device.merge(),
                  device.dump(),
                  device.prealloc(),
                  device.share()));
      if (device.reserve().isPresent()) {
        call.print("  reserve: " + device.reserve().get() + "\n");
      }
      call.print("  policy: " + device.policy().wireName() + "\n  host nodes: " + nodes + "\n");
    }
    call.print("\n");
  }
}
