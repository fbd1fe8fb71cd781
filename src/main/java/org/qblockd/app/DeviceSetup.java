// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.base.BlockException;
import org.qblockd.machine.device.Device;
import org.qblockd.machine.device.DeviceHelp;
import org.qblockd.machine.device.Devices;
import org.qblockd.machine.drive.Drive;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.DeviceOptions;

/** Makes the devices of the command line, and lists those there are. Main thread. */
final class DeviceSetup {
  private final Core core;
  private final Messages messages;

  DeviceSetup(Core core, Messages messages) {
    this.core = core;
    this.messages = messages;
  }

  /** Lists drivers, or the properties of one, when a device asks for help. */
  void answerHelp(List<Located<DeviceOptions>> devices) throws CommandLineException, HelpException {
    for (Located<DeviceOptions> device : devices) {
      String driver = device.value().string("driver");
      if (driver == null && device.value().help() || "help".equals(driver) || "?".equals(driver)) {
        throw new HelpException(DeviceHelp.types());
      }
      if (driver != null && device.value().help()) {
        try {
          throw new HelpException(DeviceHelp.properties(driver));
        } catch (QmpException e) {
          throw new CommandLineException(device.location(), e);
        }
      }
    }
  }

  /** Something that devices do on the control lane. */
  private interface Step {
    void run(Devices devices) throws QmpException, BlockException;
  }

  /** Makes all of them. */
  void open(List<Located<DeviceOptions>> devices) throws CommandLineException {
    for (Located<DeviceOptions> device : devices) {
      at(
          device.location(),
          all -> {
            Device unused = all.add(device.value());
          });
    }
  }

  /** Makes the device of a drive that {@code if=} asks for. */
  void plug(Located<Drive> drive) throws CommandLineException {
    at(
        drive.location(),
        all -> {
          Device unused = all.addForDrive(drive.value());
        });
  }

  private void at(String location, Step step) throws CommandLineException {
    messages.locate(location);
    List<QmpException> refused = new ArrayList<>();
    Core.LaneAction action =
        () -> {
          try {
            step.run(core.machine().devices());
          } catch (QmpException e) {
            refused.add(e);
          }
        };
    try {
      core.onLane(action);
    } catch (BlockException e) {
      throw new CommandLineException(location, e);
    }
    if (!refused.isEmpty()) {
      throw new CommandLineException(location, refused.getFirst());
    }
  }
}
