// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.List;
import org.qblockd.block.Permission;

/** The commands for zoned devices. No driver here has zones, so they are refused. Control lane. */
final class ZoneCommands {
  private ZoneCommands() {}

  static List<QemuIoCommand> all() {
    return List.of(
        zone("report", "zrp", 2, 2, 0, "offset number", "report zone information"),
        zone(
            "open",
            "zo",
            2,
            2,
            Permission.WRITE,
            "offset len",
            "explicit open a range of zones in zone block device"),
        zone(
            "close",
            "zc",
            2,
            2,
            Permission.WRITE,
            "offset len",
            "close a range of zones in zone block device"),
        zone(
            "finish",
            "zf",
            2,
            2,
            Permission.WRITE,
            "offset len",
            "finish a range of zones in zone block device"),
        zone(
            "reset",
            "zrs",
            2,
            2,
            Permission.WRITE,
            "offset len",
            "reset a zone write pointer in zone block device"),
        zone(
            "append",
            "zap",
            3,
            4,
            Permission.WRITE,
            "offset len [len..]",
            "append write a number of bytes at a specified offset"));
  }

  private static QemuIoCommand zone(
      String verb, String alias, int min, int max, int perms, String synopsis, String summary) {
    return new SimpleCommand(
        new QemuIoCommand.Description("zone_" + verb, alias, min, max, perms, synopsis, summary),
        (device, arguments) -> device.print("zone " + verb + " failed: Operation not supported"));
  }
}
