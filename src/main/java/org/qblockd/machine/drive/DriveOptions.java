// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Option;
import org.qblockd.qapi.OptsParser.Parsed;

/**
 * A drive as an option describes it; {@link DriveReader} tells what it means. Immutable; any
 * thread.
 *
 * @param id its id, or null
 * @param values the last value of each key
 */
public record DriveOptions(@Nullable String id, Map<String, String> values) {
  /** The parser of {@code -drive}: other keys belong to block drivers. */
  public static final OptsParser PARSER = OptsParser.acceptingAny(null);

  /** The drive that a parsed option describes. */
  public static DriveOptions of(Parsed parsed) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Option option : parsed.options()) {
      values.put(option.name(), option.value());
    }
    if (parsed.help()) {
      // No word of help in this option: it is one more key, which no driver knows.
      values.put("help", "on");
    }
    return new DriveOptions(parsed.id(), values);
  }

  /** A drive without a medium. */
  public static DriveOptions withoutFile(String... keysAndValues) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return new DriveOptions(null, values);
  }

  /** A drive of a shorthand such as {@code -hda}. */
  public static DriveOptions ofFile(String file, String... keysAndValues) {
    DriveOptions drive = withoutFile(keysAndValues);
    drive.values.put("file", file);
    return drive;
  }
}
