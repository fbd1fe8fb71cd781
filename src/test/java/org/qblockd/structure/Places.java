// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Things that only a few packages may touch: libraries, native memory, the clock. Immutable; any
 * thread.
 *
 * @param root the package that all others are in
 * @param onlyIn what is confined to which packages
 */
record Places(String root, List<OnlyIn> onlyIn) {

  /**
   * One thing and where it may be used.
   *
   * @param what its name in messages
   * @param names packages or classes (everything in them is meant) and methods, written
   *     class#method
   * @param packages names below the root, with everything in them
   */
  record OnlyIn(String what, Set<String> names, Set<String> packages) {

    private boolean confines(String name) {
      return names.stream().anyMatch(each -> isOrIsIn(name, each));
    }

    private boolean allows(String packageBelowRoot) {
      return packages.stream().anyMatch(each -> isOrIsIn(packageBelowRoot, each));
    }

    private static boolean isOrIsIn(String name, String outer) {
      return name.equals(outer) || name.startsWith(outer + ".") || name.startsWith(outer + "$");
    }
  }

  /** What every class may use beside the project's own and what is confined. */
  private static final List<String> EVERYWHERE = List.of("java.", "org.jspecify.");

  private static final OnlyIn RANDOM =
      new OnlyIn(
          "random numbers",
          Set.of(
              "java.lang.Math#random",
              "java.util.Random",
              "java.util.SplittableRandom",
              "java.util.random",
              "java.util.concurrent.ThreadLocalRandom",
              "java.security.SecureRandom",
              "java.util.UUID#randomUUID"),
          Set.of("base"));

  /** The places of the project. */
  static Places ofProject() {
    List<OnlyIn> all = new ArrayList<>(libraries());
    all.addAll(timeAndChance());
    return new Places("org.qblockd", List.copyOf(all));
  }

  private static List<OnlyIn> libraries() {
    return List.of(
        new OnlyIn(
            "Vert.x",
            Set.of("io.vertx", "io.netty"),
            Set.of("app", "dashboard", "chardev", "export.transport")),
        new OnlyIn("Jackson", Set.of("tools.jackson"), Set.of("qapi")),
        new OnlyIn("the schema validator", Set.of("com.networknt"), Set.of("qapi")),
        new OnlyIn(
            "ciphers and certificates",
            Set.of("javax.crypto", "javax.net.ssl", "javax.security"),
            Set.of("machine.object", "crypto", "tls")),
        new OnlyIn("metrics", Set.of("io.micrometer", "io.prometheus"), Set.of("dashboard")),
        new OnlyIn("zstd", Set.of("com.github.luben"), Set.of("driver.qcow2")),
        new OnlyIn(
            "native memory and calls",
            Set.of("java.lang.foreign"),
            Set.of("storage", "chardev", "sockets", "app.process")),
        new OnlyIn(
            "FileChannel",
            Set.of("java.nio.channels.FileChannel"),
            Set.of("storage", "chardev", "export.transport")),
        new OnlyIn("JUnit", Set.of("org.junit"), Set.of("testkit")),
        new OnlyIn("Testcontainers", Set.of("org.testcontainers"), Set.of("testkit")),
        new OnlyIn("JLine", Set.of("org.jline"), Set.of("shell")),
        new OnlyIn(
            "the JSON tree",
            Set.of("org.qblockd.qapi.json"),
            Set.of("qapi", "monitor", "client", "shell", "replay", "testkit")));
  }

  private static List<OnlyIn> timeAndChance() {
    return List.of(
        new OnlyIn(
            "the clock",
            Set.of(
                "java.lang.System#nanoTime",
                "java.lang.System#currentTimeMillis",
                "java.time.Instant#now",
                "java.time.LocalDate#now",
                "java.time.LocalTime#now",
                "java.time.LocalDateTime#now",
                "java.time.OffsetDateTime#now",
                "java.time.ZonedDateTime#now",
                "java.time.Clock",
                "java.time.InstantSource",
                "java.util.Date",
                "java.util.Calendar"),
            Set.of("base")),
        new OnlyIn(
            "sleeping",
            Set.of(
                "java.lang.Thread#sleep",
                "java.util.concurrent.TimeUnit#sleep",
                "java.util.concurrent.locks.LockSupport#parkNanos",
                "java.util.concurrent.locks.LockSupport#parkUntil"),
            Set.of("base")),
        RANDOM);
  }

  /** One sentence for each use in a wrong place and for each library that has no place. */
  List<String> violations(Iterable<JavaClass> classes) {
    List<String> found = new ArrayList<>();
    for (JavaClass user : classes) {
      if (user.getPackageName().startsWith(root + ".")) {
        String where = user.getPackageName().substring(root.length() + 1);
        uses(user).forEach(use -> judge(use, where, found));
      }
    }
    return found.stream().distinct().sorted().toList();
  }

  private record Use(String name, String description) {}

  private void judge(Use use, String where, List<String> found) {
    List<OnlyIn> places = onlyIn.stream().filter(each -> each.confines(use.name)).toList();
    for (OnlyIn place : places) {
      if (!place.allows(where)) {
        found.add(where + " may not use " + place.what + ": " + use.description);
      }
    }
    boolean known =
        use.name.startsWith(root + ".")
            || !use.name.contains(".")
            || EVERYWHERE.stream().anyMatch(use.name::startsWith);
    if (places.isEmpty() && !known) {
      found.add(where + " uses a library that has no place: " + use.description);
    }
  }

  private static Stream<Use> uses(JavaClass user) {
    return Stream.concat(
        user.getDirectDependenciesFromSelf().stream().map(Places::ofClass),
        Stream.concat(
                user.getCodeUnitCallsFromSelf().stream(),
                user.getCodeUnitReferencesFromSelf().stream())
            .map(Places::ofMethod));
  }

  private static Use ofClass(Dependency dependency) {
    return new Use(
        dependency.getTargetClass().getBaseComponentType().getName(), dependency.getDescription());
  }

  private static Use ofMethod(JavaCodeUnitAccess<? extends AccessTarget> access) {
    return new Use(
        access.getTargetOwner().getBaseComponentType().getName() + "#" + access.getName(),
        access.getDescription());
  }
}
