// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import org.qblockd.qapi.commands.BlockCommands;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.commands.BlockExportCommands;
import org.qblockd.qapi.commands.CharCommands;
import org.qblockd.qapi.commands.ControlCommands;
import org.qblockd.qapi.commands.MachineCommands;
import org.qblockd.qapi.commands.MigrationCommands;
import org.qblockd.qapi.commands.MiscCommands;
import org.qblockd.qapi.commands.NetCommands;
import org.qblockd.qapi.commands.QomCommands;
import org.qblockd.qapi.commands.QomObjectsCommands;
import org.qblockd.qapi.commands.RunStateCommands;
import org.qblockd.qapi.commands.UiCommands;

/** The QMP commands that human commands stand for; a group is made when first used. Lane. */
public interface QmpGroups {
  /** The commands of {@code block-core.json}. */
  BlockCoreCommands blockCore();

  /** The commands of {@code block.json}. */
  BlockCommands block();

  /** The commands of {@code block-export.json}. */
  BlockExportCommands blockExport();

  /** The commands of {@code qom.json}. */
  QomCommands qom();

  /** The commands of {@code qom-objects.json}. */
  QomObjectsCommands qomObjects();

  /** The commands of {@code control.json}. */
  ControlCommands control();

  /** The commands of {@code misc.json}. */
  MiscCommands misc();

  /** The commands of {@code char.json}. */
  CharCommands char_();

  /** The commands of {@code machine.json}. */
  MachineCommands machine();

  /** The commands of {@code net.json}. */
  NetCommands net();

  /** The commands of {@code ui.json}. */
  UiCommands ui();

  /** The commands of {@code migration.json}. */
  MigrationCommands migration();

  /** The commands of {@code run-state.json}. */
  RunStateCommands runState();
}
