// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code help COMMAND} says after the usage. Any thread. */
final class HelpTexts {
  private static final String STATISTICS = " -C, -- print the figures for programs, with commas\n";
  private static final String QUIET = " -q, -- print no figures\n";
  private static final String REGISTER = " -r, -- accepted, without effect\n";
  private static final String PATTERN =
      " -P, -- fill with this byte instead of 0xcd, or compare what is read with it\n";
  private static final String DUMP = " -v, -- print what was read, sixteen bytes to a line\n";
  private static final String WRITING =
      """
       -f, -- the data are on the disk when the request has ended
       -u, -- zeroes may be unmapped (with -z)
       -z, -- write zeroes without sending them
      """;
  private static final String INVALID = " -i, -- only count an invalid request\n";
  private static final String LATER =
      """
       The request goes on by itself and prints its figures when it has ended; aio_flush
       waits for all of them.
      """;
  private static final String PIECES =
      " Each length is the size of one buffer; the buffers are used one after another.\n";

  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry(
              "read",
              """
               Reads len bytes at the offset; 'read -v 512 1k' shows the second and third sector.
               -b, -- read saved machine state instead of the disk
              """
                  + STATISTICS
                  + """
                   -l, -- compare this many bytes only (with -P)
                   -p, -- accepted, without effect
                  """
                  + PATTERN
                  + QUIET
                  + REGISTER
                  + " -s, -- begin to compare so many bytes after the offset (with -P)\n"
                  + DUMP),
          Map.entry(
              "write",
              """
               Writes len bytes at the offset; 'write -P 1 512 1k' fills two sectors with ones.
               -b, -- write machine state instead of the disk
               -c, -- write compressed clusters
              """
                  + STATISTICS
                  + """
                   -n, -- fail if zeroes cannot be written in a cheap way (with -z)
                   -p, -- accepted, without effect
                  """
                  + PATTERN
                  + QUIET
                  + REGISTER
                  + " -s, -- take the data from this file, over and over\n"
                  + WRITING),
          Map.entry("readv", PIECES + STATISTICS + PATTERN + QUIET + REGISTER + DUMP),
          Map.entry("writev", PIECES + STATISTICS + PATTERN + QUIET + REGISTER),
          Map.entry("aio_read", LATER + STATISTICS + INVALID + PATTERN + QUIET + REGISTER + DUMP),
          Map.entry(
              "aio_write", LATER + STATISTICS + INVALID + PATTERN + QUIET + REGISTER + WRITING),
          Map.entry("discard", " Gives up what the image holds there.\n" + STATISTICS + QUIET),
          Map.entry(
              "truncate", " -m, -- how what is new is allocated: off, metadata, falloc, full\n"),
          Map.entry(
              "reopen",
              """
               Changes the options of the open image.
               -r, -- read-only
               -w, -- writable
               -c, -- another cache mode
               -o, -- options of the node: read-only, cache.direct, cache.no-flush
              """),
          Map.entry("sigraise", " Sends the signal with this number to the server itself.\n"));

  private HelpTexts() {}

  /** The text, or null for a command of which the usage says all. */
  static @Nullable String of(String command) {
    return TEXTS.get(command);
  }
}
