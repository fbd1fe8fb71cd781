// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the placeholders of one play stand for: the scratch directory, and the names of nodes that
 * the server made up, each bound where it appears first. One thread.
 */
final class Bindings {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$(?:(DIR)|(NODE\\d+))");
  private static final Pattern GENERATED = Pattern.compile("#block\\d+");

  private final String directory;
  private final Map<String, String> nodes = new LinkedHashMap<>();

  Bindings(Path directory) {
    this.directory = directory.toString();
  }

  /** Puts what is known in place of placeholders, for text that is sent. */
  String expand(String text) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(m ->
            Matcher.quoteReplacement(
                m.group(1) != null ? directory : nodes.getOrDefault(m.group(2), m.group())));
  }

  /** Whether the text fits the pattern; binds what was not bound. */
  boolean matches(String pattern, String text) {
    if (pattern.startsWith("$/") && pattern.endsWith("/")) {
      return text.matches("(?s)" + pattern.substring(2, pattern.length() - 1));
    }
    if (pattern.indexOf('$') < 0) {
      return pattern.equals(text);
    }
    StringBuilder regex = new StringBuilder();
    Map<String, Integer> groups = new LinkedHashMap<>();
    Matcher matcher = PLACEHOLDER.matcher(pattern);
    int end = 0;
    while (matcher.find()) {
      regex.append(Pattern.quote(pattern.substring(end, matcher.start())));
      regex.append(piece(matcher, groups));
      end = matcher.end();
    }
    regex.append(Pattern.quote(pattern.substring(end)));
    Matcher whole = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text);
    if (!whole.matches()) {
      return false;
    }
    groups.forEach((name, group) -> nodes.put(name, whole.group(group)));
    return true;
  }

  private String piece(Matcher matcher, Map<String, Integer> groups) {
    if (matcher.group(1) != null) {
      return Pattern.quote(directory);
    }
    String name = matcher.group(2);
    Optional<String> known = Optional.ofNullable(nodes.get(name));
    if (known.isPresent()) {
      return Pattern.quote(known.get());
    }
    if (groups.containsKey(name)) {
      return "\\" + groups.get(name);
    }
    groups.put(name, groups.size() + 1);
    return "(" + GENERATED.pattern() + ")";
  }

  /** Puts placeholders in place of the directory and of generated node names. */
  String generalize(String text) {
    return GENERATED
        .matcher(text.replace(directory, "$DIR"))
        .replaceAll(m -> Matcher.quoteReplacement("$" + placeholderOf(m.group())));
  }

  private String placeholderOf(String node) {
    for (Map.Entry<String, String> entry : nodes.entrySet()) {
      if (entry.getValue().equals(node)) {
        return entry.getKey();
      }
    }
    String name = "NODE" + (nodes.size() + 1);
    nodes.put(name, node);
    return name;
  }
}
