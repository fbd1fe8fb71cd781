// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.machine.Machine;
import org.qblockd.machine.device.DeviceHelp;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.DeviceOptions;

/** The human commands that plug and unplug devices. Control lane. */
final class DeviceRows {
  private final Machine machine;

  private DeviceRows(Machine machine) {
    this.machine = machine;
  }

  static List<HmpCommand> rows(Machine machine) {
    DeviceRows rows = new DeviceRows(machine);
    return List.of(
        new HmpCommand(
            "device_add",
            "device:O",
            "driver[,prop=value][,...]",
            "plug a device in, as -device does",
            rows::add),
        new HmpCommand(
                "device_del",
                "id:s",
                "device",
                "unplug a device",
                call -> machine.devices().delete(call.text("id")))
            .completedBy(position -> position == 1 ? rows.ids() : List.of()));
  }

  private void add(HmpCall call) throws QmpException, BlockException {
    OptsParser.Parsed parsed =
        OptsParser.acceptingAny("driver")
            .parse(call.text("device"), line -> call.print(line + "\n"));
    DeviceOptions options = DeviceOptions.of(parsed);
    String driver = options.string("driver");
    if (options.help() || "help".equals(driver) || "?".equals(driver)) {
      boolean one = driver != null && !driver.equals("help") && !driver.equals("?");
      call.print(driver != null && one ? DeviceHelp.properties(driver) : DeviceHelp.types());
      return;
    }
    QomObject unused = machine.devices().add(options);
  }

  private List<String> ids() {
    List<String> names = new ArrayList<>();
    for (QomObject device : machine.tree().peripheral().children()) {
      names.add(device.name());
    }
    return names;
  }
}
