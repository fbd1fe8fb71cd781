// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.Machine;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.Release;
import org.qblockd.qapi.commands.CommandTable;
import org.qblockd.qapi.commands.ControlCommands;
import org.qblockd.qapi.types.CommandInfo;
import org.qblockd.qapi.types.QMPCapability;
import org.qblockd.qapi.types.ShutdownCause;
import org.qblockd.qapi.types.VersionInfo;

/** The commands of {@code control.json}. Control lane. */
public final class MonitorCommands implements ControlCommands {
  private final Machine machine;
  private final boolean storageDaemon;
  private final @Nullable Release release;

  /**
   * The commands for this machine.
   *
   * @param storageDaemon whether this is qemu-storage-daemon, which has fewer
   * @param release the older release that is presented, or null
   */
  public MonitorCommands(Machine machine, boolean storageDaemon, @Nullable Release release) {
    this.release = release;
    this.machine = machine;
    this.storageDaemon = storageDaemon;
  }

  @Override
  public void qmpCapabilities(Optional<List<QMPCapability>> enable) throws QmpException {
    Session session = Session.current();
    if (session == null) {
      throw QmpException.generic("Only a QMP session can negotiate capabilities");
    }
    List<String> wanted = new ArrayList<>();
    for (QMPCapability capability : enable.orElse(List.of())) {
      wanted.add(capability.wireName());
    }
    session.negotiate(wanted);
  }

  @Override
  public VersionInfo queryVersion() {
    return machine.version();
  }

  @Override
  public List<CommandInfo> queryCommands() {
    List<CommandInfo> infos = new ArrayList<>();
    for (String name : storageDaemon ? CommandTable.storageDaemonNames() : CommandTable.names()) {
      if (release == null || !release.hides(name)) {
        infos.add(new CommandInfo(name));
      }
    }
    return infos;
  }

  @Override
  public void quit() {
    machine.shutdown().request(ShutdownCause.HOST_QMP_QUIT);
  }
}
