// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes out of the servers' output what differs from run to run. Any thread. */
final class OutputText {
  private static final Pattern PROGRAM =
      Pattern.compile("^(?:\\S*/)?(?:qemu-system-x86_64|qemu-storage-daemon|qblockd):");
  private static final Pattern RATE =
      Pattern.compile(
          "(?:\\d+:\\d+:[0-9.]+|[0-9.]+ sec) \\((?:[0-9.]+|inf) (?:(?:[KMGTPE]i)?B|bytes)/sec"
              + " and (?:[0-9.]+|inf) ops/sec\\)");
  private static final Pattern MACHINE_RATE =
      Pattern.compile("^(\\d+,\\d+),[0-9:.]+,[0-9.inf]+,[0-9.inf]+$");
  private static final Pattern PID = Pattern.compile("from pid \\d+ \\(.*\\)");

  private OutputText() {}

  /** One line with the program's name, rates and process ids replaced by placeholders. */
  static String normalize(String line) {
    String text = PROGRAM.matcher(line).replaceFirst(Matcher.quoteReplacement("$PROG:"));
    text = RATE.matcher(text).replaceAll(Matcher.quoteReplacement("$TIME ($RATE)"));
    text = MACHINE_RATE.matcher(text).replaceAll("$1,\\$TIME,\\$RATE");
    return PID.matcher(text).replaceAll(Matcher.quoteReplacement("from pid $PID ($WHO)"));
  }
}
