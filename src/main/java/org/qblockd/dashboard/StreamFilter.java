// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.MultiMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which events and commands a reader wants. Immutable; any thread.
 *
 * @param names matches the names that are wanted
 */
record StreamFilter(Set<EventHub.Kind> kinds, Pattern names) {
  private static final int MAX_LENGTH = 1000;
  private static final Pattern PATTERNS = Pattern.compile("[A-Za-z0-9_*,-]*");

  /**
   * From the parameters of a request: {@code kind} is event (if not said), command or all; {@code
   * name} a list of names, separated by commas, in which {@code *} stands for anything.
   *
   * @return empty when they make no sense
   */
  static Optional<StreamFilter> of(MultiMap parameters) {
    String kind = Objects.requireNonNullElse(parameters.get("kind"), "event");
    String name = Objects.requireNonNullElse(parameters.get("name"), "");
    Set<EventHub.Kind> kinds =
        switch (kind) {
          case "event" -> Set.of(EventHub.Kind.EVENT);
          case "command" -> Set.of(EventHub.Kind.COMMAND);
          case "all" -> Set.of(EventHub.Kind.values());
          default -> Set.of();
        };
    if (kinds.isEmpty() || name.length() > MAX_LENGTH || !PATTERNS.matcher(name).matches()) {
      return Optional.empty();
    }
    String wanted = name.isEmpty() ? "*" : name;
    Pattern names = Pattern.compile(wanted.replace(",", "|").replaceAll("\\*+", ".*"));
    return Optional.of(new StreamFilter(kinds, names));
  }

  boolean wants(EventHub.Item item) {
    return kinds.contains(item.kind()) && names.matcher(item.name()).matches();
  }
}
