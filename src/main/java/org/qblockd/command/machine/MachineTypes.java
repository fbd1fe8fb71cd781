// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.qapi.types.CompatProperty;
import org.qblockd.qapi.types.MachineInfo;

/** The types of machines that QEMU knows, from a table asked of it. Control lane. */
final class MachineTypes {
  private final List<CompatProperty> properties = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  private record Row(MachineInfo info, String properties) {}

  MachineTypes() {
    for (String[] row : TableFile.rows("machines.txt", 4)) {
      if (row[0].equals("P")) {
        properties.add(new CompatProperty(row[1], row[2], row[3]));
      } else {
        rows.add(new Row(info(row), row[7]));
      }
    }
  }

  private static MachineInfo info(String[] row) {
    String flags = row[4];
    return new MachineInfo(
        row[1],
        given(row[2]),
        flags.indexOf('*') >= 0 ? Optional.of(true) : Optional.empty(),
        Long.parseLong(row[3]),
        flags.indexOf('h') >= 0,
        flags.indexOf('n') >= 0,
        flags.indexOf('d') >= 0,
        given(row[5]),
        given(row[6]),
        flags.indexOf('a') >= 0,
        Optional.empty());
  }

  private static Optional<String> given(String field) {
    return field.isEmpty() ? Optional.empty() : Optional.of(field);
  }

  /** All types in QEMU's order. */
  List<MachineInfo> all(boolean withProperties) {
    List<MachineInfo> infos = new ArrayList<>();
    for (Row row : rows) {
      infos.add(withProperties ? withProperties(row) : row.info());
    }
    return infos;
  }

  /** The type of this name or alias, which the command line has checked. */
  MachineInfo find(String name) {
    for (Row row : rows) {
      if (row.info().name().equals(name) || row.info().alias().orElse("").equals(name)) {
        return row.info();
      }
    }
    throw new IllegalArgumentException("no type of machine: " + name);
  }

  private MachineInfo withProperties(Row row) {
    MachineInfo info = row.info();
    return new MachineInfo(
        info.name(),
        info.alias(),
        info.isDefault(),
        info.cpuMax(),
        info.hotpluggableCpus(),
        info.numaMemSupported(),
        info.deprecated(),
        info.defaultCpuType(),
        info.defaultRamId(),
        info.acpi(),
        Optional.of(numbered(row.properties())));
  }

  /** The properties that a list such as {@code 1-8,10} names, in its order. */
  private List<CompatProperty> numbered(String list) {
    List<CompatProperty> found = new ArrayList<>();
    if (list.isEmpty()) {
      return found;
    }
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      found.addAll(properties.subList(first, last + 1));
    }
    return found;
  }
}
