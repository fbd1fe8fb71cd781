// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.io.PrintStream;
import java.util.Locale;

/** What qemu-io prints after a request. Pure formatting. */
final class Report {
  private static final double NANOS = 1e9;

  private Report() {}

  /**
   * Prints the result of a request.
   *
   * @param verb {@code read}, {@code wrote} or {@code discard}
   * @param machineReadable the form of option -C
   */
  static void print(
      PrintStream out,
      String verb,
      long nanos,
      long offset,
      long wanted,
      long total,
      int operations,
      boolean machineReadable) {
    double seconds = Math.max(nanos, 1) / NANOS;
    if (machineReadable) {
      out.printf(
          Locale.ROOT,
          "%d,%d,%s,%.3f,%.3f%n",
          total,
          operations,
          fixedTime(seconds),
          total / seconds,
          operations / seconds);
      return;
    }
    out.printf(Locale.ROOT, "%s %d/%d bytes at offset %d%n", verb, total, wanted, offset);
    out.printf(
        Locale.ROOT,
        "%s, %d ops; %s (%s/sec and %.4f ops/sec)%n",
        Sizes.print(total),
        operations,
        time(seconds),
        Sizes.print(total / seconds),
        operations / seconds);
  }

  private static String time(double seconds) {
    return seconds < 60 ? String.format(Locale.ROOT, "%05.2f sec", seconds) : fixedTime(seconds);
  }

  private static String fixedTime(double seconds) {
    long whole = (long) seconds;
    return String.format(
        Locale.ROOT,
        "%d:%02d:%05.2f",
        whole / 3600,
        whole / 60 % 60,
        whole % 60 + (seconds - whole));
  }

  /** Dumps bytes sixteen to a line, as {@code read -v} shows them. */
  static void dump(PrintStream out, long offset, java.nio.ByteBuffer data) {
    for (int line = data.position(); line < data.limit(); line += 16) {
      StringBuilder text = new StringBuilder(80);
      int end = Math.min(line + 16, data.limit());
      text.append(String.format(Locale.ROOT, "%08x: ", offset + line - data.position()));
      for (int i = line; i < end; i++) {
        text.append(String.format(Locale.ROOT, " %02x", data.get(i)));
      }
      text.append("  ");
      for (int i = line; i < end; i++) {
        char c = (char) (data.get(i) & 0xff);
        boolean graphic = c >= '!' && c <= '~';
        text.append(graphic ? c : '.');
      }
      out.println(text);
    }
  }
}
