// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.net;

import java.util.List;
import java.util.Optional;
import org.qblockd.machine.net.NetBackends;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.NetCommands;
import org.qblockd.qapi.types.AnnounceParameters;
import org.qblockd.qapi.types.Netdev;
import org.qblockd.qapi.types.RxFilterInfo;

/** The commands of {@code net.json}; adapters are part of a guest and not here. Control lane. */
public final class NetworkCommands implements NetCommands {
  private final NetBackends backEnds;

  /** The commands for these back ends. */
  public NetworkCommands(NetBackends backEnds) {
    this.backEnds = backEnds;
  }

  @Override
  public void netdevAdd(Netdev arguments) throws QmpException {
    backEnds.add(arguments);
  }

  @Override
  public void netdevDel(String id) throws QmpException {
    backEnds.remove(id);
  }

  /** No adapter would notice. */
  @Override
  public void setLink(String name, boolean up) throws QmpException {
    if (!backEnds.test(name)) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + name + "' not found");
    }
  }

  @Override
  public List<RxFilterInfo> queryRxFilter(Optional<String> name) throws QmpException {
    if (name.isPresent()) {
      throw QmpException.generic(
          backEnds.test(name.get())
              ? "net client(" + name.get() + ") isn't a NIC"
              : "invalid net client name: " + name.get());
    }
    return List.of();
  }

  /** There is nobody to announce. */
  @Override
  public void announceSelf(AnnounceParameters arguments) {}
}
