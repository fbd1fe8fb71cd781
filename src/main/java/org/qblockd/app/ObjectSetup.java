// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.ObjectTexts;
import org.qblockd.base.BlockException;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ObjectOptions;

/** Makes the objects of the command line. Main thread. */
final class ObjectSetup {
  private final Core core;
  private final Messages messages;

  ObjectSetup(Core core, Messages messages) {
    this.core = core;
    this.messages = messages;
  }

  /** Those that character devices and drives may need. */
  void openEarly(List<Located<ObjectOptions>> objects) throws CommandLineException {
    for (Located<ObjectOptions> object : objects) {
      if (isEarly(object.value())) {
        make(object.value());
      }
    }
  }

  /** Those that need them. */
  void openLate(List<Located<ObjectOptions>> objects) throws CommandLineException {
    for (Located<ObjectOptions> object : objects) {
      if (!isEarly(object.value())) {
        make(object.value());
      }
    }
  }

  private static boolean isEarly(ObjectOptions object) {
    return switch (object.qomType()) {
      case RNG_EGD,
          QTEST,
          CRYPTODEV_VHOST_USER,
          COLO_COMPARE,
          FILTER_BUFFER,
          FILTER_DUMP,
          FILTER_MIRROR,
          FILTER_REDIRECTOR,
          FILTER_REPLAY,
          FILTER_REWRITER,
          MEMORY_BACKEND_EPC,
          MEMORY_BACKEND_FILE,
          MEMORY_BACKEND_MEMFD,
          MEMORY_BACKEND_RAM,
          MEMORY_BACKEND_SHM ->
          false;
      default -> true;
    };
  }

  /** As QEMU's emulator: the message does not name the option. */
  private void make(ObjectOptions options) throws CommandLineException {
    messages.locate("");
    try {
      add(options);
    } catch (QmpException e) {
      throw new CommandLineException("", e);
    } catch (BlockException e) {
      throw new CommandLineException("", e);
    }
  }

  /** One object, as the storage daemon makes them: one after another. */
  void open(Located<String> object)
      throws CommandLineException, HelpException, QmpException, BlockException {
    messages.locate(object.location());
    add(ObjectTexts.nested(object.value()));
  }

  private void add(ObjectOptions options) throws QmpException, BlockException {
    Machine machine = core.machine();
    QmpException[] refused = new QmpException[1];
    core.onLane(() -> {
      try {
        machine.objects().add(options);
      } catch (QmpException e) {
        refused[0] = e;
      }
    });
    if (refused[0] != null) {
      throw refused[0];
    }
  }
}
