// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * Whether two messages say the same: the order of members does not count, nor do timestamps, nor
 * the names that a server makes up, as long as they are the same ones each time. One thread.
 */
final class Comparison {
  private static final Pattern MADE_UP = Pattern.compile("#block\\d+");

  private final Set<String> ignored;
  private final Map<String, String> madeUp = new HashMap<>();

  /**
   * A comparison.
   *
   * @param ignored members that do not count
   */
  Comparison(Set<String> ignored) {
    this.ignored = ignored;
  }

  /** Whether they say the same. */
  boolean same(@Nullable JsonValue expected, @Nullable JsonValue got) {
    if (expected instanceof JsonString text) {
      return sameText(text.value(), got);
    }
    if (expected instanceof JsonObject object) {
      return got instanceof JsonObject other && sameMembers(object, other);
    }
    if (expected instanceof JsonArray array) {
      return got instanceof JsonArray other && sameItems(array.items(), other.items());
    }
    return expected == null ? got == null : expected.equals(got);
  }

  private boolean sameText(String expected, @Nullable JsonValue got) {
    if (expected.startsWith("$")) {
      // A placeholder of the project's conversations.
      return true;
    }
    if (!(got instanceof JsonString text)) {
      return false;
    }
    if (MADE_UP.matcher(expected).matches() && MADE_UP.matcher(text.value()).matches()) {
      return madeUp.computeIfAbsent(expected, name -> text.value()).equals(text.value());
    }
    return expected.equals(text.value());
  }

  private boolean sameMembers(JsonObject expected, JsonObject got) {
    for (String name : expected.members().keySet()) {
      if (!counts(name, expected)) {
        continue;
      }
      if (!same(expected.get(name), got.get(name))) {
        return false;
      }
    }
    for (String name : got.members().keySet()) {
      if (counts(name, got) && !expected.members().containsKey(name)) {
        return false;
      }
    }
    return true;
  }

  private boolean counts(String name, JsonObject holder) {
    boolean stamp = name.equals("timestamp") && holder.get("event") != null;
    return !stamp && !ignored.contains(name);
  }

  private boolean sameItems(List<JsonValue> expected, List<JsonValue> got) {
    if (expected.size() != got.size()) {
      return false;
    }
    for (int i = 0; i < expected.size(); i++) {
      if (!same(expected.get(i), got.get(i))) {
        return false;
      }
    }
    return true;
  }
}
