// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.qapi.options.OptionMap;

/** Makes the devices of the command line, and lists those there are. Main thread. */
final class DeviceSetup {
  private final Core core;
  private final Messages messages;

  DeviceSetup(Core core, Messages messages) {
    this.core = core;
    this.messages = messages;
  }

  /** Lists drivers, or the properties of one, when a device asks for help. */
  void answerHelp(List<Located<OptionMap>> devices) throws HelpException {}

  /** Makes all of them. */
  void open(List<Located<OptionMap>> devices) throws CommandLineException {
    for (Located<OptionMap> device : devices) {
      messages.locate(device.location());
      String driver = device.value().string("driver");
      throw new CommandLineException(
          device.location(),
          driver == null
              ? "Parameter 'driver' is missing"
              : "'" + driver + "' is not a valid device model name");
    }
  }

  Core core() {
    return core;
  }
}
