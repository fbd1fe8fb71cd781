// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.Locale;

/** Numbers of bytes as people read them. */
final class Sizes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Sizes() {}

  static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String text = String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
    return text + " " + UNITS[unit];
  }
}
