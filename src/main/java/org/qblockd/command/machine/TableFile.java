// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tables that lie beside the classes: lines of fields parted by tabs. Any thread. */
final class TableFile {
  private TableFile() {}

  /** The rows of a table; every row has at least {@code fields} fields. */
  static List<String[]> rows(String name, int fields) {
    List<String[]> rows = new ArrayList<>();
    try (InputStream in = TableFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its table " + name);
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          rows.add(row(name, line, fields));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
    return rows;
  }

  private static String[] row(String name, String line, int fields) {
    String[] row = line.split("\t", -1);
    if (row.length < fields) {
      throw new IllegalStateException(name + ": too few fields: " + line);
    }
    return row;
  }
}
