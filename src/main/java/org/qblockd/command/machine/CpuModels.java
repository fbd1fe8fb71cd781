// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MachineTargetCommands;
import org.qblockd.qapi.types.CpuDefinitionInfo;
import org.qblockd.qapi.types.CpuModelExpansionInfo;
import org.qblockd.qapi.types.CpuModelExpansionType;
import org.qblockd.qapi.types.CpuModelInfo;

/**
 * The commands of {@code machine-target.json}, from a table of CPU models asked of QEMU. Control
 * lane.
 */
public final class CpuModels implements MachineTargetCommands {
  private static final String TYPE_SUFFIX = "-x86_64-cpu";

  private final List<CpuDefinitionInfo> models = new ArrayList<>();

  /** Reads the table. */
  public CpuModels() {
    for (String[] row : TableFile.rows("cpus.txt", 4)) {
      String flags = row[2];
      models.add(
          new CpuDefinitionInfo(
              row[0],
              Optional.of(flags.indexOf('m') >= 0),
              flags.indexOf('s') >= 0,
              Optional.of(row[3].isEmpty() ? List.of() : List.of(row[3].split(" ", -1))),
              row[0] + TYPE_SUFFIX,
              row[1].isEmpty() ? Optional.empty() : Optional.of(row[1]),
              flags.indexOf('d') >= 0));
    }
  }

  @Override
  public List<CpuDefinitionInfo> queryCpuDefinitions() {
    return models;
  }

  @Override
  public CpuModelExpansionInfo queryCpuModelExpansion(
      CpuModelExpansionType type, CpuModelInfo model) throws QmpException {
    for (CpuDefinitionInfo known : models) {
      if (known.name().equals(model.name())) {
        throw QmpException.generic("Expansion of CPU models is not served");
      }
    }
    throw QmpException.generic("CPU model '" + model.name() + "' not found");
  }
}
