// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Located;

/** Makes the objects of the command line. Main thread. */
final class ObjectSetup {
  private final Core core;
  private final Messages messages;

  ObjectSetup(Core core, Messages messages) {
    this.core = core;
    this.messages = messages;
  }

  /** Those that character devices and drives may need. */
  void openEarly(List<Located<String>> objects) throws CommandLineException {
    for (Located<String> object : objects) {
      open(object);
    }
  }

  /** Those that need them. */
  void openLate(List<Located<String>> objects) throws CommandLineException {}

  /** One object, as the storage daemon makes them: one after another. */
  void open(Located<String> object) throws CommandLineException {
    messages.locate(object.location());
    String type = object.value();
    int comma = type.indexOf(',');
    type = comma < 0 ? type : type.substring(0, comma);
    throw new CommandLineException(
        object.location(), "Parameter 'qom-type' does not accept value '" + type + "'");
  }

  Core core() {
    return core;
  }
}
