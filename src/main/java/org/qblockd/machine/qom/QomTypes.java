// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.qom;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table of QEMU's types, read from the jar when it is first asked for. Immutable then; any
 * thread.
 */
public final class QomTypes {
  private static final String RESOURCE = "/qom/types.txt";
  private static final List<String> CATEGORIES =
      List.of(
          "Controller/Bridge/Hub",
          "USB",
          "Storage",
          "Network",
          "Input",
          "Display",
          "Sound",
          "Misc",
          "CPU",
          "Watchdog",
          "Uncategorized");

  private final Map<String, String[]> rows = new HashMap<>();
  private final Map<String, QomType> made = new HashMap<>();
  private final Map<String, QomType> types = new LinkedHashMap<>();

  private static final class Holder {
    static final QomTypes ALL = new QomTypes();
  }

  private QomTypes() {
    List<String> lines = lines();
    for (String line : lines) {
      if (line.startsWith("T\t")) {
        String[] fields = line.split("\t");
        rows.put(fields[1], fields);
      }
    }
    QomType current = null;
    for (String line : lines) {
      if (line.startsWith("T\t")) {
        current = make(line.split("\t")[1]);
        types.put(current.name(), current);
      } else if (line.equals("=") && current != null) {
        current.replace();
      } else if (line.startsWith("P\t") && current != null) {
        current.add(fact(line.split("\t")));
      }
    }
  }

  private static List<String> lines() {
    try (InputStream in = QomTypes.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + RESOURCE);
      }
      return new BufferedReader(new InputStreamReader(in, UTF_8)).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The type of this row; its parent is made first, wherever its row stands. */
  private QomType make(String name) {
    QomType known = made.get(name);
    if (known == null) {
      String[] row = rows.get(name);
      if (row == null) {
        throw new IllegalStateException("the table of types lacks " + name);
      }
      known =
          new QomType(
              name,
              row[2].equals("-") ? null : make(row[2]),
              row[3].equals("+"),
              row[4].equals("-") ? List.of() : List.of(row[4].split(",")),
              row[5].equals("-") ? "" : row[5],
              row[6].equals("-") ? "" : row[6],
              row[7].equals("-") ? List.of() : categories(row[7]));
      made.put(name, known);
    }
    return known;
  }

  private static List<String> categories(String numbers) {
    List<String> names = new ArrayList<>();
    for (String number : numbers.split(",")) {
      names.add(CATEGORIES.get(Integer.parseInt(number)));
    }
    return names;
  }

  private static PropertyFact fact(String[] fields) {
    boolean told = fields.length > 3 && !fields[3].isEmpty();
    return new PropertyFact(
        fields[1], fields[2], told ? fields[3] : null, fields.length > 4 ? fields[4] : "");
  }

  /** The headings of {@code -device help} in their order. */
  public static List<String> categories() {
    return CATEGORIES;
  }

  /** All types, in the order of qom-list-types. */
  public static Iterable<QomType> all() {
    return Holder.ALL.types.values();
  }

  /** The type of this name, or null. */
  public static @Nullable QomType find(String name) {
    return Holder.ALL.types.get(name);
  }

  /** The device type with this other name, or null. */
  public static @Nullable QomType findAlias(String alias) {
    for (QomType type : all()) {
      if (type.alias().equals(alias)) {
        return type;
      }
    }
    return null;
  }
}
