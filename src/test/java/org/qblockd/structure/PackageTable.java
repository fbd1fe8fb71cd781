// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which package may use which, as docs/architecture.md has it. Immutable; any thread.
 *
 * @param root the package that all others are in
 * @param mayUse for each package directly below the root, the others that it and everything in it
 *     may use
 * @param strangers packages of the table whose sub-packages must not use one another
 */
record PackageTable(String root, Map<String, Set<String>> mayUse, Set<String> strangers) {

  /** The table of the project, lowest first. */
  static PackageTable ofProject() {
    Map<String, Set<String>> table = new LinkedHashMap<>();
    table.put("base", Set.of());
    table.put("qapi", Set.of("base"));
    table.put("storage", Set.of("base"));
    table.put("nbd", Set.of("base"));
    table.put("crypto", Set.of("base"));
    table.put("tls", Set.of("base"));
    table.put("sockets", Set.of("base"));
    table.put("block", Set.of("base"));
    table.put("job", Set.of("base"));
    table.put("blockcopy", Set.of("block", "base"));
    table.put(
        "driver",
        Set.of("blockcopy", "block", "storage", "nbd", "crypto", "tls", "sockets", "qapi", "base"));
    table.put("blockjob", Set.of("blockcopy", "block", "job", "base"));
    table.put("export", Set.of("block", "nbd", "tls", "sockets", "qapi", "base"));
    table.put("replication", Set.of("block", "blockjob", "job", "driver", "qapi", "base"));
    table.put("chardev", Set.of("qapi", "base"));
    table.put("machine", Set.copyOf(table.keySet()));
    table.put("monitor", Set.of("chardev", "qapi", "base"));
    table.put("qtest", Set.of("chardev", "base"));
    table.put("command", Set.copyOf(table.keySet()));
    table.put("dashboard", Set.of("monitor", "chardev", "qapi", "base"));
    table.put("client", Set.of("qapi", "base"));
    table.put("shell", Set.of("client", "qapi", "base"));
    table.put("replay", Set.of("client", "qapi", "base"));
    table.put("app", Set.copyOf(table.keySet()));
    table.put("testkit", Set.of("app", "client", "qapi", "base"));
    return new PackageTable("org.qblockd", table, Set.of("driver"));
  }

  /** One sentence for each use that the table forbids and for each package that it lacks. */
  List<String> violations(Iterable<JavaClass> classes) {
    List<String> found = new ArrayList<>();
    for (JavaClass each : classes) {
      String user = below(each.getPackageName());
      if (user == null) {
        continue;
      }
      if (!mayUse.containsKey(top(user))) {
        found.add("package " + each.getPackageName() + " is not in the table");
        continue;
      }
      for (Dependency use : each.getDirectDependenciesFromSelf()) {
        String used = below(use.getTargetClass().getBaseComponentType().getPackageName());
        if (used != null && !allowed(user, used)) {
          found.add(user + " may not use " + used + ": " + use.getDescription());
        }
      }
    }
    return found.stream().distinct().sorted().toList();
  }

  private boolean allowed(String user, String used) {
    String from = top(user);
    String to = top(used);
    if (!from.equals(to)) {
      return mayUse.getOrDefault(from, Set.of()).contains(to);
    }
    return !strangers.contains(from) || used.equals(to) || second(user).equals(second(used));
  }

  /** The part of a package's name after the root, or null for a package that is not below it. */
  private @Nullable String below(String packageName) {
    return packageName.startsWith(root + ".") ? packageName.substring(root.length() + 1) : null;
  }

  private static String top(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static String second(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : top(name.substring(dot + 1));
  }
}
