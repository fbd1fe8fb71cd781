// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.Accounting;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.BlockCommands;
import org.qblockd.qapi.types.BlockIOThrottle;
import org.qblockd.qapi.types.BlockLatencyHistogramSetArguments;
import org.qblockd.qapi.types.BlockdevChangeMediumArguments;
import org.qblockd.qapi.types.PRManagerInfo;

/** The commands of {@code block.json}. Control lane. */
public final class DeviceCommands implements BlockCommands {
  private final Machine machine;
  private final MediumCommands media;

  /** The commands of this machine. */
  public DeviceCommands(Machine machine) {
    this.machine = machine;
    this.media = new MediumCommands(machine);
  }

  /** Nothing here passes reservations on. */
  @Override
  public List<PRManagerInfo> queryPrManagers() {
    return List.of();
  }

  @Override
  public void eject(Optional<String> device, Optional<String> id, Optional<Boolean> force)
      throws QmpException, BlockException {
    media.eject(MediumCommands.Name.of(device, id), force.orElse(false));
  }

  @Override
  public void blockdevOpenTray(
      Optional<String> device, Optional<String> id, Optional<Boolean> force)
      throws QmpException, BlockException {
    media.openTray(MediumCommands.Name.of(device, id), force.orElse(false));
  }

  @Override
  public void blockdevCloseTray(Optional<String> device, Optional<String> id)
      throws QmpException, BlockException {
    media.closeTray(MediumCommands.Name.of(device, id));
  }

  @Override
  public void blockdevRemoveMedium(String id) throws QmpException, BlockException {
    media.remove(new MediumCommands.Name(null, id));
  }

  @Override
  public void blockdevInsertMedium(String id, String nodeName) throws QmpException, BlockException {
    media.insert(new MediumCommands.Name(null, id), nodeName);
  }

  @Override
  public void blockdevChangeMedium(BlockdevChangeMediumArguments arguments)
      throws QmpException, BlockException {
    media.change(arguments);
  }

  @Override
  public void blockSetIoThrottle(BlockIOThrottle arguments) throws QmpException, BlockException {
    ThrottleCommands.set(machine, arguments);
  }

  @Override
  public void blockLatencyHistogramSet(BlockLatencyHistogramSetArguments arguments)
      throws QmpException {
    Drive drive = histogramDrive(arguments.id());
    Accounting accounting = drive.backend().accounting();
    Optional<List<Long>> all = arguments.boundaries();
    if (all.isEmpty()
        && arguments.boundariesRead().isEmpty()
        && arguments.boundariesWrite().isEmpty()
        && arguments.boundariesFlush().isEmpty()) {
      for (Accounting.Kind kind : Accounting.Kind.values()) {
        boolean unused = accounting.setHistogram(kind, null);
      }
      return;
    }
    String id = arguments.id();
    set(accounting, Accounting.Kind.READ, id, "read", arguments.boundariesRead().or(() -> all));
    set(accounting, Accounting.Kind.WRITE, id, "write", arguments.boundariesWrite().or(() -> all));
    set(
        accounting,
        Accounting.Kind.ZONE_APPEND,
        id,
        "append write",
        arguments.boundariesZap().or(() -> all));
    set(accounting, Accounting.Kind.FLUSH, id, "flush", arguments.boundariesFlush().or(() -> all));
  }

  private Drive histogramDrive(String id) throws QmpException {
    return machine.drives().find(null, id);
  }

  private static void set(
      Accounting accounting,
      Accounting.Kind kind,
      String id,
      String word,
      Optional<List<Long>> boundaries)
      throws QmpException {
    if (boundaries.isEmpty()) {
      return;
    }
    long[] values = new long[boundaries.get().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = boundaries.get().get(i);
    }
    if (!accounting.setHistogram(kind, values)) {
      throw QmpException.generic("Device '" + id + "' set " + word + " boundaries fail");
    }
  }
}
