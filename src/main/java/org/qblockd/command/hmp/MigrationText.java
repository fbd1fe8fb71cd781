// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qblockd.qapi.types.BitmapMigrationBitmapAlias;
import org.qblockd.qapi.types.BitmapMigrationNodeAlias;
import org.qblockd.qapi.types.MigrationInfo;
import org.qblockd.qapi.types.MigrationParameters;
import org.qblockd.qapi.types.MigrationStats;

/** What {@code info migrate} and {@code info migrate_parameters} show. Pure functions. */
final class MigrationText {
  private static final String GLOBALS =
      """
      globals:
      store-global-state: on
      only-migratable: off
      send-configuration: on
      send-section-footer: on
      send-switchover-start: on
      clear-bitmap-shift: 18
      """;

  private MigrationText() {}

  static String of(MigrationInfo info) {
    StringBuilder text = new StringBuilder(GLOBALS);
    if (info.status().isEmpty()) {
      return text.toString();
    }
    text.append("Migration status: ").append(info.status().get().wireName());
    info.errorDesc().ifPresent(why -> text.append(" (").append(why).append(')'));
    text.append("\ntotal time: ").append(info.totalTime().orElse(0L)).append(" ms\n");
    info.expectedDowntime()
        .ifPresent(time -> text.append("expected downtime: ").append(time).append(" ms\n"));
    info.downtime().ifPresent(time -> text.append("downtime: ").append(time).append(" ms\n"));
    info.setupTime().ifPresent(time -> text.append("setup: ").append(time).append(" ms\n"));
    info.ram().ifPresent(ram -> text.append(counters(ram)));
    return text.toString();
  }

  private static String counters(MigrationStats ram) {
    return String.format(
        Locale.ROOT,
        """
        transferred ram: %d kbytes
        throughput: %.2f mbps
        remaining ram: %d kbytes
        total ram: %d kbytes
        duplicate: %d pages
        normal: %d pages
        normal bytes: %d kbytes
        dirty sync count: %d
        page size: %d kbytes
        multifd bytes: %d kbytes
        pages-per-second: %d
        """,
        ram.transferred() >> 10,
        ram.mbps(),
        ram.remaining() >> 10,
        ram.total() >> 10,
        ram.duplicate(),
        ram.normal(),
        ram.normalBytes() >> 10,
        ram.dirtySyncCount(),
        ram.pageSize() >> 10,
        ram.multifdBytes() >> 10,
        ram.pagesPerSecond());
  }

  /** The lines about the names of bitmaps in the stream; none when no mapping is set. */
  static List<String> mapping(MigrationParameters parameters) {
    List<String> lines = new ArrayList<>();
    if (parameters.blockBitmapMapping().isEmpty()) {
      return lines;
    }
    lines.add("block-bitmap-mapping:");
    for (BitmapMigrationNodeAlias node : parameters.blockBitmapMapping().get()) {
      lines.add("  '" + node.nodeName() + "' -> '" + node.alias() + "'");
      for (BitmapMigrationBitmapAlias bitmap : node.bitmaps()) {
        lines.add("    '" + bitmap.name() + "' -> '" + bitmap.alias() + "'");
      }
    }
    return lines;
  }
}
