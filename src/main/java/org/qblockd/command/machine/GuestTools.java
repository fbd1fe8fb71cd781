// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.machine.MachineFacts;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.AcpiCommands;
import org.qblockd.qapi.commands.DumpCommands;
import org.qblockd.qapi.commands.ReplayCommands;
import org.qblockd.qapi.types.ACPIOSTInfo;
import org.qblockd.qapi.types.ACPISlotType;
import org.qblockd.qapi.types.DumpGuestMemoryCapability;
import org.qblockd.qapi.types.DumpGuestMemoryFormat;
import org.qblockd.qapi.types.DumpQueryResult;
import org.qblockd.qapi.types.DumpStatus;
import org.qblockd.qapi.types.ReplayInfo;
import org.qblockd.qapi.types.ReplayMode;

/**
 * The commands about what would be done with a guest: ACPI slots, memory dumps, record and replay.
 * Control lane.
 */
public final class GuestTools implements AcpiCommands, DumpCommands, ReplayCommands {
  private final MachineFacts facts;

  /** The commands for this machine. */
  public GuestTools(MachineFacts facts) {
    this.facts = facts;
  }

  @Override
  public List<ACPIOSTInfo> queryAcpiOspmStatus() throws QmpException {
    String type = facts.type();
    boolean hasDevice = type.startsWith("pc") || type.equals("q35") || type.equals("microvm");
    if (!hasDevice) {
      throw QmpException.generic("command is not supported, missing ACPI device");
    }
    List<ACPIOSTInfo> slots = new ArrayList<>();
    int count = Integer.parseInt(facts.memory().getOrDefault("slots", "0"));
    for (int i = 0; i < count; i++) {
      slots.add(new ACPIOSTInfo(Optional.empty(), Integer.toString(i), ACPISlotType.DIMM, 0, 0));
    }
    return slots;
  }

  @Override
  public DumpQueryResult queryDump() {
    return new DumpQueryResult(DumpStatus.NONE, 0, 0);
  }

  @Override
  public DumpGuestMemoryCapability queryDumpGuestMemoryCapability() {
    return new DumpGuestMemoryCapability(
        List.of(
            DumpGuestMemoryFormat.ELF,
            DumpGuestMemoryFormat.KDUMP_ZLIB,
            DumpGuestMemoryFormat.KDUMP_RAW_ZLIB,
            DumpGuestMemoryFormat.WIN_DMP));
  }

  @Override
  public ReplayInfo queryReplay() {
    return new ReplayInfo(ReplayMode.NONE, Optional.empty(), 0);
  }

  @Override
  public void replayBreak(long icount) throws QmpException {
    throw QmpException.generic("setting the breakpoint is allowed only in play mode");
  }

  @Override
  public void replayDeleteBreak() throws QmpException {
    throw QmpException.generic("replay breakpoints are allowed only in play mode");
  }

  @Override
  public void replaySeek(long icount) throws QmpException {
    throw QmpException.generic("replay must be enabled to seek");
  }
}
