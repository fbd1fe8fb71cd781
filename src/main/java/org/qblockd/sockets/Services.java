// SPDX-License-Identifier: Apache-2.0
package org.qblockd.sockets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Ports by number or by the names of services(5). Any thread. */
public final class Services {
  private static final Path FILE = Path.of("/etc/services");

  private Services() {}

  /**
   * The port's number, or -1 when there is no such service for TCP. As with getaddrinfo(3) only the
   * lower 16 bits of a number count.
   */
  public static int port(String text) {
    String word = text.stripLeading();
    if (word.isEmpty()) {
      return 0;
    }
    try {
      long number = Long.parseLong(word);
      return number < 0 ? -1 : (int) (number & 0xFFFF);
    } catch (NumberFormatException e) {
      return named(text);
    }
  }

  private static int named(String name) {
    try {
      for (String line : Files.readAllLines(FILE)) {
        List<String> words = Arrays.asList(line.replaceFirst("#.*", "").trim().split("\\s+", -1));
        if (words.size() >= 2 && words.get(1).endsWith("/tcp") && names(words, name)) {
          return Integer.parseInt(words.get(1).substring(0, words.get(1).indexOf('/')));
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      return -1;
    }
    return -1;
  }

  private static boolean names(List<String> words, String name) {
    return words.lastIndexOf(name) != 1 && words.contains(name);
  }
}
