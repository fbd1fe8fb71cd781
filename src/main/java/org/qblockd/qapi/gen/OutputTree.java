// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of generated files: unchanged ones keep their times. Confined to one thread. */
final class OutputTree {
  private final Path root;
  private final Path owned;
  private final String ending;
  private final Set<Path> written = new HashSet<>();

  /** Below {@code root}/{@code owned}, all files with this ending are generated. */
  OutputTree(Path root, String owned, String ending) {
    this.root = root;
    this.owned = root.resolve(owned);
    this.ending = ending;
  }

  /** Writes a file if its contents differ. */
  void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    if (!written.add(file)) {
      throw new IllegalStateException("two definitions make the file " + file);
    }
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Deletes what an earlier run wrote and this one did not. */
  void finish() throws IOException {
    if (!Files.isDirectory(owned)) {
      return;
    }
    List<Path> stale;
    try (Stream<Path> files = Files.walk(owned)) {
      stale = files.filter(f -> f.toString().endsWith(ending) && !written.contains(f)).toList();
    }
    for (Path file : stale) {
      Files.delete(file);
    }
  }
}
