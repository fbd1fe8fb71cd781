// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.options.OptionMap;

/**
 * A config file: sections in brackets, lines {@code key = "value"}, comments after a number sign.
 * Pure but for reading the file; control lane. What lines mean was asked of QEMU 10.0.2.
 */
final class ConfigFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern GROUP =
      Pattern.compile("\\[([^\\]\\s\"]+)(?:\\s+\"([^\"]*)\")?\\].*");
  private static final Pattern PAIR = Pattern.compile("\\s*(\\S+)\\s*=\\s*\"([^\"]*)\".*");
  private static final Pattern KEY = Pattern.compile("\\s*(\\S+).*");

  /** A section and what it sets. */
  record Section(String name, OptionMap options) {}

  private ConfigFile() {}

  static List<Section> read(String path, Set<String> groups) throws BlockException {
    return parse(text(path).lines().toList(), groups);
  }

  private static String text(String path) throws BlockException {
    String failure = "Could not read blkdebug config file";
    try {
      Path file = Path.of(path);
      if (path.isEmpty()) {
        throw new NoSuchFileException(path);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw BlockException.withErrno(Errno.EFBIG, failure);
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw BlockException.withErrno(Errno.ENOENT, failure);
    } catch (AccessDeniedException e) {
      throw BlockException.withErrno(Errno.EACCES, failure);
    } catch (IOException e) {
      throw BlockException.withErrno(Errno.EIO, failure);
    }
  }

  static List<Section> parse(List<String> lines, Set<String> groups) throws BlockException {
    List<Section> sections = new ArrayList<>();
    for (String line : lines) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher group = GROUP.matcher(line);
      if (group.matches()) {
        sections.add(new Section(group.group(1), new OptionMap()));
      } else {
        pair(line, sections);
      }
    }
    for (Section section : sections) {
      if (!groups.contains(section.name())) {
        throw BlockException.invalid("There is no option group '" + section.name() + "'");
      }
    }
    return sections;
  }

  /** A key without a value is one with an empty value. */
  private static void pair(String line, List<Section> sections) throws BlockException {
    Matcher pair = PAIR.matcher(line);
    Matcher key = KEY.matcher(line);
    boolean complete = pair.matches();
    if (!complete && !key.matches()) {
      throw BlockException.invalid("parse error");
    }
    if (sections.isEmpty()) {
      throw BlockException.invalid("no group defined");
    }
    String name = complete ? pair.group(1) : key.group(1);
    sections.getLast().options().put(name, complete ? pair.group(2) : "");
  }
}
