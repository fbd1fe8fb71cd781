// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The project's Java files, as the tidy test reads them. Any thread.
 *
 * @param directory the directory of pom.xml
 */
record SourceTree(Path directory) {
  private static final List<String> ROOTS =
      List.of("src/main/java", "src/test/java", "src/build/java", "tests/java");

  /** Maven names the directory; elsewhere it is the working directory. */
  static SourceTree ofProject() {
    return new SourceTree(Path.of(System.getProperty("qblockd.basedir", "")).toAbsolutePath());
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Names relative to the project, sorted. */
  List<String> javaFiles() throws IOException {
    List<String> all = new java.util.ArrayList<>();
    for (String root : ROOTS) {
      if (Files.isDirectory(file(root))) {
        try (Stream<Path> paths = Files.walk(file(root))) {
          paths
              .filter(path -> path.toString().endsWith(".java"))
              .forEach(path -> all.add(directory.relativize(path).toString()));
        }
      }
    }
    return all.stream().sorted().toList();
  }

  String read(String name) throws IOException {
    return Files.readString(file(name));
  }
}
