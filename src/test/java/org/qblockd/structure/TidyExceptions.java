// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one list of what may stay larger than the rules say. It only shrinks: each entry names the
 * size at hand, and one that is larger than need be fails the test as surely as a new finding.
 *
 * @param entries size by rule and place
 */
record TidyExceptions(Map<String, Integer> entries) {

  /** One entry a line: rule, place, size. Blank lines and lines that begin with # do not count. */
  static TidyExceptions parse(String text) {
    Map<String, Integer> entries = new TreeMap<>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(line -> {
          int last = line.lastIndexOf(' ');
          entries.put(line.substring(0, last), Integer.parseInt(line.substring(last + 1)));
        });
    return new TidyExceptions(entries);
  }

  /** One sentence for each finding that the list does not cover and each entry that lags behind. */
  List<String> judge(Map<String, Integer> findings) {
    List<String> wrong = new ArrayList<>();
    findings.forEach((place, size) -> {
      Integer known = entries.get(place);
      if (known == null || size > known) {
        wrong.add("too large: " + place + " " + size);
      } else if (size < known) {
        wrong.add("has shrunk, lower its entry: " + place + " " + size);
      }
    });
    entries.keySet().stream()
        .filter(place -> !findings.containsKey(place))
        .forEach(place -> wrong.add("is fine now, remove its entry: " + place));
    return wrong;
  }
}
