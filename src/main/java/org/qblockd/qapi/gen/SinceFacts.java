// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qblockd.qapi.schema.Schema;

/**
 * Since which release of QEMU parts of the schema are there, as {@code qapi-schema/since.txt} has
 * it. Immutable.
 */
final class SinceFacts {
  /** By kind and name: {@code command NAME}, {@code event NAME}, {@code member TYPE.NAME}, …. */
  private final Map<String, String> releases = new LinkedHashMap<>();

  private SinceFacts() {}

  /** Reads the file: a release, a kind and a name in each line; # begins a note. */
  static SinceFacts read(Path file, Schema schema) throws IOException {
    SinceFacts facts = new SinceFacts();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split(" ");
      if (words.length != 3) {
        throw new IOException(file + ": '" + line + "'");
      }
      String owner =
          words[1].equals("member") || words[1].equals("value")
              ? words[2].substring(0, words[2].indexOf('.'))
              : words[2];
      if (schema.find(owner).isEmpty()) {
        throw new IOException(file + ": '" + line + "' names what is not in the schema");
      }
      facts.releases.put(words[1] + " " + words[2], words[0]);
    }
    return facts;
  }

  /** The release of a command or event, if it is listed. */
  Map<String, Object> of(String kind, String name) {
    String release = releases.get(kind + " " + name);
    return release == null ? Map.of() : Map.of("since", release);
  }

  /** The releases of listed members or values of these types, by their names. */
  Map<String, Object> parts(String kind, String... types) {
    Map<String, Object> parts = new LinkedHashMap<>();
    for (String type : types) {
      String prefix = kind + " " + type + ".";
      releases.forEach((name, release) -> {
        if (name.startsWith(prefix)) {
          parts.put(name.substring(prefix.length()), release);
        }
      });
    }
    return parts.isEmpty() ? Map.of() : Map.of(kind + "s", parts);
  }
}
