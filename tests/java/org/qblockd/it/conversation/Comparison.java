// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares a message with the expected one: member order does not count, array order does, numbers
 * by their exact text. One thread.
 */
final class Comparison {
  private final Bindings bindings;

  Comparison(Bindings bindings) {
    this.bindings = bindings;
  }

  /** The first difference, as "path: expected …, got …", or empty. */
  Optional<String> difference(Json expected, Json actual) {
    Optional<String> bad = timestampFault(actual);
    return bad.isPresent() ? bad : compare("", expected, withoutTimestamp(actual));
  }

  /** The message without the time at which it was made. */
  static Json withoutTimestamp(Json message) {
    if (!(message instanceof Json.Obj object) || object.get("event").isEmpty()) {
      return message;
    }
    Map<String, Json> members = new java.util.LinkedHashMap<>(object.members());
    members.remove("timestamp");
    return new Json.Obj(members);
  }

  private static Optional<String> timestampFault(Json actual) {
    if (!(actual instanceof Json.Obj object) || object.get("event").isEmpty()) {
      return Optional.empty();
    }
    boolean good =
        object.get("timestamp").orElse(actual) instanceof Json.Obj time
            && time.members().keySet().equals(java.util.Set.of("seconds", "microseconds"))
            && time.members().values().stream()
                .allMatch(v -> v instanceof Json.Num n && n.isInteger());
    return good ? Optional.empty() : Optional.of("timestamp: missing or of the wrong shape");
  }

  private Optional<String> compare(String path, Json expected, Json actual) {
    if (expected instanceof Json.Str pattern && fitsPlaceholder(pattern.value(), actual)) {
      return Optional.empty();
    }
    return switch (expected) {
      case Json.Obj object when actual instanceof Json.Obj other ->
          compareObjects(path, object, other);
      case Json.Arr array when actual instanceof Json.Arr other ->
          compareArrays(path, array, other);
      case Json.Str string
          when actual instanceof Json.Str other && matches(string.value(), other.value()) ->
          Optional.empty();
      default -> expected.equals(actual) ? Optional.empty() : unequal(path, expected, actual);
    };
  }

  /** Like any string, but a json: file name is an object, whose member order does not count. */
  private boolean matches(String expected, String actual) {
    if (bindings.matches(expected, actual)) {
      return true;
    }
    if (!expected.startsWith("json:{") || !actual.startsWith("json:{")) {
      return false;
    }
    Json object = JsonReader.parse(expected.substring("json:".length()));
    return compare("", object, JsonReader.parse(actual.substring("json:".length()))).isEmpty();
  }

  private static boolean fitsPlaceholder(String pattern, Json actual) {
    return switch (pattern) {
      case "$ANY" -> true;
      case "$INT" -> actual instanceof Json.Num number && number.isInteger();
      case "$NUM" -> actual instanceof Json.Num;
      case "$STR" -> actual instanceof Json.Str;
      default -> false;
    };
  }

  private Optional<String> compareObjects(String path, Json.Obj expected, Json.Obj actual) {
    for (Map.Entry<String, Json> member : expected.members().entrySet()) {
      String name = path + "." + member.getKey();
      Optional<Json> other = actual.get(member.getKey());
      if (other.isEmpty()) {
        return Optional.of(name + ": missing, expected " + member.getValue().write());
      }
      Optional<String> difference = compare(name, member.getValue(), other.get());
      if (difference.isPresent()) {
        return difference;
      }
    }
    return actual.members().entrySet().stream()
        .filter(member -> expected.get(member.getKey()).isEmpty())
        .map(m -> path + "." + m.getKey() + ": not expected, got " + m.getValue().write())
        .findFirst();
  }

  private Optional<String> compareArrays(String path, Json.Arr expected, Json.Arr actual) {
    List<Json> items = expected.items();
    if (!items.isEmpty() && items.getFirst().equals(new Json.Str("$CONTAINS"))) {
      return compareContents(path, items.subList(1, items.size()), actual);
    }
    for (int i = 0; i < Math.min(items.size(), actual.items().size()); i++) {
      Optional<String> difference =
          compare(path + "[" + i + "]", items.get(i), actual.items().get(i));
      if (difference.isPresent()) {
        return difference;
      }
    }
    return items.size() == actual.items().size()
        ? Optional.empty()
        : Optional.of(path + ": expected " + items.size() + " items, got " + actual.items().size());
  }

  private Optional<String> compareContents(String path, List<Json> wanted, Json.Arr actual) {
    List<Json> left = new ArrayList<>(actual.items());
    for (Json item : wanted) {
      Optional<Json> found =
          left.stream().filter(other -> compare(path, item, other).isEmpty()).findFirst();
      if (found.isEmpty()) {
        return Optional.of(path + ": does not contain " + item.write());
      }
      left.remove(found.get());
    }
    return Optional.empty();
  }

  private static Optional<String> unequal(String path, Json expected, Json actual) {
    return Optional.of(path + ": expected " + expected.write() + ", got " + actual.write());
  }
}
