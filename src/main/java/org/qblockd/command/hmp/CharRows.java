// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.chardev.CharDevice;
import org.qblockd.chardev.CharDevices;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevInfo;

/** The human commands on character devices. Control lane. */
final class CharRows {
  private static final int DELETE = 0x7f;

  private final QmpGroups qmp;
  private final CharDevices devices;

  private CharRows(QmpGroups qmp, CharDevices devices) {
    this.qmp = qmp;
    this.devices = devices;
  }

  static List<HmpCommand> rows(QmpGroups qmp, CharDevices devices) {
    CharRows rows = new CharRows(qmp, devices);
    return List.of(
        new HmpCommand(
                "chardev-remove",
                "id:s",
                "id",
                "take a character device away",
                call -> qmp.char_().chardevRemove(call.text("id")))
            .completedBy(rows::words),
        new HmpCommand(
                "chardev-send-break",
                "id:s",
                "id",
                "send a break on a character device",
                call -> qmp.char_().chardevSendBreak(call.text("id")))
            .completedBy(rows::words),
        new HmpCommand(
                "ringbuf_read",
                "device:s size:i",
                "device size",
                "show what a ring buffer has taken in",
                rows::read)
            .completedBy(rows::words),
        new HmpCommand(
                "ringbuf_write",
                "device:s data:s",
                "device data",
                "put a text into a ring buffer",
                call ->
                    qmp.char_()
                        .ringbufWrite(call.text("device"), call.text("data"), Optional.empty()))
            .completedBy(rows::words));
  }

  static List<HmpCommand> infos(QmpGroups qmp, CharDevices devices) {
    CharRows rows = new CharRows(qmp, devices);
    return List.of(new HmpCommand("chardev", "", "", "list the character devices", rows::list));
  }

  private void list(HmpCall call) throws QmpException, BlockException {
    for (ChardevInfo info : qmp.char_().queryChardev()) {
      call.print(info.label() + ": filename=" + info.filename() + "\n");
    }
  }

  /** Characters that would disturb a terminal are shown by their numbers. */
  private void read(HmpCall call) throws QmpException, BlockException {
    String text =
        qmp.char_().ringbufRead(call.text("device"), call.number("size"), Optional.empty());
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '\\') {
        shown.append("\\\\");
      } else if (letter < ' ' && letter != '\n' || letter == DELETE) {
        shown.append("\\u%04X".formatted((int) letter));
      } else {
        shown.append(letter);
      }
    }
    call.print(shown + "\n");
  }

  private List<String> words(int position) {
    List<String> ids = new ArrayList<>();
    for (CharDevice device : devices.all()) {
      ids.add(device.id());
    }
    return position == 1 ? ids : List.of();
  }
}
