// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of {@code -readconfig}: groups of keys and values, one for each option. Main thread.
 *
 * <p>QEMU reads the lines leniently, and so does this: what stands behind a value does not count,
 * and a key without one in quotes has the empty value.
 */
final class ConfigFile {
  private final List<Group> groups = new ArrayList<>();

  /** A key and its value. */
  record Entry(String key, String value) {}

  /**
   * A group.
   *
   * @param id what stands behind its name, or null
   * @param line the number of its last line with a key
   */
  record Group(String name, @Nullable String id, List<Entry> entries, int line) {}

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @param location what messages begin with
   */
  static List<Group> read(String file, String location) throws CommandLineException {
    ConfigFile read = new ConfigFile();
    int number = 0;
    for (String line : lines(file, location)) {
      number++;
      if (!line.isEmpty() && !line.startsWith("#") && !read.take(line, number)) {
        throw new CommandLineException(location, "no group defined");
      }
    }
    return read.groups;
  }

  private static List<String> lines(String file, String location) throws CommandLineException {
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new CommandLineException(location, "Cannot read config file: Is a directory");
    }
    try {
      return Files.readAllLines(path, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new CommandLineException(
          location, "Could not open '" + file + "': No such file or directory");
    } catch (IOException e) {
      throw new CommandLineException(location, "Could not open '" + file + "': " + e.getMessage());
    }
  }

  /** Returns false for a key outside of groups. */
  private boolean take(String line, int number) {
    if (line.startsWith("[") && line.length() > 1 && line.charAt(1) != ']') {
      groups.add(header(line.substring(1), number));
      return true;
    }
    if (groups.isEmpty()) {
      return false;
    }
    String text = line.strip();
    if (!text.isEmpty()) {
      Group group = groups.removeLast();
      group.entries.add(entry(text));
      groups.add(new Group(group.name, group.id, group.entries, number));
    }
    return true;
  }

  private static Group header(String text, int number) {
    int quote = text.indexOf(" \"");
    int end = quote < 0 ? -1 : text.indexOf('"', quote + 2);
    if (end > quote + 2) {
      String id = text.substring(quote + 2, end);
      return new Group(text.substring(0, quote), id, new ArrayList<>(), number);
    }
    int bracket = text.indexOf(']');
    String name = bracket < 0 ? text + "\n" : text.substring(0, bracket);
    return new Group(name, null, new ArrayList<>(), number);
  }

  private static Entry entry(String text) {
    int space = 0;
    while (space < text.length() && !Character.isWhitespace(text.charAt(space))) {
      space++;
    }
    String key = text.substring(0, space);
    String rest = text.substring(space).strip();
    if (!rest.startsWith("=")) {
      return new Entry(key, "");
    }
    rest = rest.substring(1).strip();
    if (!rest.startsWith("\"")) {
      return new Entry(key, "");
    }
    int end = rest.indexOf('"', 1);
    return new Entry(key, rest.substring(1, end < 0 ? rest.length() : end));
  }
}
