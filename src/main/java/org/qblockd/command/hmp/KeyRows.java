// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.IntWrapper;
import org.qblockd.qapi.types.KeyValue;
import org.qblockd.qapi.types.QKeyCode;
import org.qblockd.qapi.types.QKeyCodeWrapper;

/** The human command that presses keys, and those about descriptors. Control lane. */
final class KeyRows {
  private static final int HEXADECIMAL = 16;

  private KeyRows() {}

  static List<HmpCommand> rows(QmpGroups qmp) {
    return List.of(
        new HmpCommand(
            "sendkey",
            "keys:s hold-time?:i",
            "keys [hold_ms]",
            "press keys together, for 100 ms or as long as said",
            call -> press(qmp, call)),
        new HmpCommand(
            "getfd",
            "fdname:s",
            "getfd name",
            "name a descriptor that came with the command",
            call -> qmp.misc().getfd(call.text("fdname"))),
        new HmpCommand(
            "closefd",
            "fdname:s",
            "closefd name",
            "close a descriptor that has a name",
            call -> qmp.misc().closefd(call.text("fdname"))));
  }

  private static void press(QmpGroups qmp, HmpCall call) throws QmpException, BlockException {
    List<KeyValue> keys = new ArrayList<>();
    for (String name : call.text("keys").split("-", -1)) {
      // As in QEMU, whose users cannot always type this key's name.
      KeyValue key = key(name.equals("<") ? "less" : name);
      if (key == null) {
        call.print("invalid parameter: " + name + "\n");
        return;
      }
      keys.add(key);
    }
    qmp.ui().sendKey(keys, call.optionalNumber("hold-time"));
  }

  private static @Nullable KeyValue key(String name) {
    QKeyCode code = QKeyCode.fromWire(name);
    if (code != null) {
      return new KeyValue.Qcode(new QKeyCodeWrapper(code));
    }
    if (!name.startsWith("0x")) {
      return null;
    }
    try {
      return new KeyValue.Number(new IntWrapper(Integer.parseInt(name.substring(2), HEXADECIMAL)));
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }
}
