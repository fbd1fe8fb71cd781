// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines that the users of one monitor have entered, each once, the last one last, and where the
 * present user stands in them. Control lane.
 */
final class History {
  /** Lines kept, as in QEMU. */
  static final int MAX_LINES = 64;

  private static final int AT_PRESENT = -1;

  private final List<String> lines = new ArrayList<>();
  private int at = AT_PRESENT;

  /** All lines, the oldest first. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Takes a line that was entered; an empty one is not kept. */
  void add(String line) {
    at = AT_PRESENT;
    if (line.isEmpty()) {
      return;
    }
    lines.remove(line);
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.add(line);
  }

  /** The line before, or null when this is the oldest. */
  @Nullable String previous() {
    if (at == 0 || lines.isEmpty()) {
      return null;
    }
    at = (at == AT_PRESENT ? lines.size() : at) - 1;
    return lines.get(at);
  }

  /** The line after; an empty one after the last; null at the present. */
  @Nullable String next() {
    if (at == AT_PRESENT) {
      return null;
    }
    at++;
    if (at < lines.size()) {
      return lines.get(at);
    }
    at = AT_PRESENT;
    return "";
  }
}
