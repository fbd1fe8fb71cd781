// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockExportRemoveMode;
import org.qblockd.qapi.types.BlockInfo;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.InetSocketAddressWrapper;
import org.qblockd.qapi.types.NbdServerAddOptions;
import org.qblockd.qapi.types.SocketAddressLegacy;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.qapi.types.UnixSocketAddressWrapper;

/** The human commands about the NBD server. Control lane. */
final class ExportRows {
  private ExportRows() {}

  static List<HmpCommand> rows(QmpGroups qmp) {
    return List.of(
        new HmpCommand(
            "nbd_server_start",
            "-a -w uri:s",
            "nbd_server_start [-a] [-w] host:port",
            "let the NBD server listen (-a: export all drives, -w: so that they can be written)",
            call -> start(qmp, call)),
        new HmpCommand(
            "nbd_server_add",
            "-w device:B name?:s",
            "nbd_server_add [-w] device [name]",
            "export a drive or node by NBD (-w: so that it can be written)",
            call -> add(qmp, call.text("device"), call.optionalText("name"), call.has("w"))),
        new HmpCommand(
            "nbd_server_remove",
            "-f name:s",
            "nbd_server_remove [-f] name",
            "end an export by NBD (-f: disconnect its clients)",
            call ->
                qmp.blockExport()
                    .nbdServerRemove(
                        call.text("name"),
                        Optional.of(
                            call.has("f")
                                ? BlockExportRemoveMode.HARD
                                : BlockExportRemoveMode.SAFE))),
        new HmpCommand(
            "nbd_server_stop",
            "",
            "nbd_server_stop",
            "disconnect the clients of the NBD server, end its exports and stop listening",
            call -> qmp.blockExport().nbdServerStop(Optional.empty())));
  }

  private static void add(QmpGroups qmp, String device, Optional<String> name, boolean writable)
      throws QmpException, BlockException {
    qmp.blockExport()
        .nbdServerAdd(
            new NbdServerAddOptions(
                name, Optional.empty(), device, Optional.of(writable), Optional.empty()));
  }

  private static void start(QmpGroups qmp, HmpCall call) throws QmpException, BlockException {
    if (call.has("w") && !call.has("a")) {
      throw QmpException.generic("-w only valid together with -a");
    }
    SocketAddressLegacy address = address(call.text("uri"));
    qmp.blockExport()
        .nbdServerStart(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            address);
    if (call.has("a")) {
      addAll(qmp, call.has("w"));
    }
  }

  private static void addAll(QmpGroups qmp, boolean writable) throws QmpException, BlockException {
    for (BlockInfo drive : qmp.blockCore().queryBlock()) {
      Optional<BlockDeviceInfo> inserted = drive.inserted();
      if (inserted.isEmpty()) {
        continue;
      }
      try {
        add(qmp, drive.device(), Optional.empty(), writable);
      } catch (QmpException | BlockException e) {
        qmp.blockExport().nbdServerStop(Optional.empty());
        throw e;
      }
    }
  }

  private static SocketAddressLegacy address(String text) throws QmpException {
    if (text.startsWith("unix:")) {
      String path = text.substring("unix:".length());
      return new SocketAddressLegacy.Unix(
          new UnixSocketAddressWrapper(
              new UnixSocketAddress(path, Optional.empty(), Optional.empty())));
    }
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw QmpException.generic("error parsing address '" + text + "'");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    InetSocketAddress inet =
        InetSocketAddress.builder()
            .host(bracketed ? host.substring(1, host.length() - 1) : host)
            .port(text.substring(colon + 1))
            .build();
    return new SocketAddressLegacy.Inet(new InetSocketAddressWrapper(inet));
  }
}
