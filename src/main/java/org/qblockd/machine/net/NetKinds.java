// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.net;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.qblockd.base.Errno;
import org.qblockd.chardev.CharDevice;
import org.qblockd.chardev.CharDevices;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.NetClientDriver;
import org.qblockd.qapi.types.Netdev;
import org.qblockd.qapi.types.NetdevL2TPv3Options;
import org.qblockd.qapi.types.NetdevTapOptions;
import org.qblockd.qapi.types.NetdevVhostUserOptions;
import org.qblockd.qapi.types.NetdevVhostVDPAOptions;

/** Checks the options of each kind of back end, as QEMU does. Stateless; any thread. */
public final class NetKinds {
  private NetKinds() {}

  /** The kinds that help lists, in QEMU's order. */
  public static List<String> listed() {
    return List.of(
        "socket",
        "stream",
        "dgram",
        "hubport",
        "tap",
        "user",
        "l2tpv3",
        "vde",
        "bridge",
        "vhost-user",
        "vhost-vdpa");
  }

  /** Whether the build of QEMU that is the reference has the name of a kind, but not the kind. */
  static boolean isAbsent(NetClientDriver kind) {
    return kind == NetClientDriver.NONE
        || kind == NetClientDriver.NIC
        || kind == NetClientDriver.NETMAP;
  }

  /** A back end of any kind but a hub's port. */
  static NetBackend make(String id, Netdev options, CharDevices charDevices) throws QmpException {
    return switch (options) {
      case Netdev.User user -> plain(id, options, UserNetwork.info(user.data()));
      case Netdev.Socket socket -> plain(id, options, SocketForms.socket(socket.data()));
      case Netdev.Stream stream -> plain(id, options, SocketForms.stream(stream.data()));
      case Netdev.Dgram dgram -> plain(id, options, SocketForms.dgram(dgram.data()));
      case Netdev.L2tpv3 tunnel -> plain(id, options, tunnel(tunnel.data()));
      case Netdev.VhostUser vhost -> throw vhostUser(vhost.data(), charDevices);
      case Netdev.Tap tap -> throw tap(tap.data());
      case Netdev.Vde vde ->
          throw QmpException.generic("Could not open vde: No such file or directory");
      case Netdev.Bridge bridge -> throw QmpException.generic("bridge helper failed");
      case Netdev.VhostVdpa vdpa -> throw vdpa(vdpa.data());
      case Netdev.Nic nic -> throw new IllegalArgumentException("nic");
      case Netdev.Netmap netmap -> throw new IllegalArgumentException("netmap");
      case Netdev.Hubport port -> throw new IllegalArgumentException("hubport");
      case Netdev.Other other -> throw new IllegalArgumentException("none");
    };
  }

  private static NetBackend plain(String id, Netdev options, String info) {
    return new NetBackend(id, options.type(), info, () -> {});
  }

  /** Interfaces of the host are not made: as where a user may not. */
  private static QmpException tap(NetdevTapOptions tap) {
    String fd = tap.fd().orElse(null);
    if (fd != null) {
      boolean others =
          tap.ifname().isPresent()
              || tap.script().isPresent()
              || tap.downscript().isPresent()
              || tap.vnetHdr().isPresent()
              || tap.helper().isPresent()
              || tap.queues().isPresent()
              || tap.fds().isPresent()
              || tap.vhostfds().isPresent();
      return QmpException.generic(
          others
              ? "ifname=, script=, downscript=, vnet_hdr=, helper=, queues=, fds=, and vhostfds="
                  + " are invalid with fd="
              : "File descriptor named '" + fd + "' has not been found");
    }
    return QmpException.generic("could not open /dev/net/tun: " + Errno.EACCES.text());
  }

  private static QmpException vdpa(NetdevVhostVDPAOptions vdpa) {
    String device = vdpa.vhostdev().orElse(null);
    if (device == null) {
      return QmpException.generic("vhost-vdpa: neither vhostdev= nor vhostfd= was specified");
    }
    Errno why = Files.exists(Path.of(device)) ? Errno.EACCES : Errno.ENOENT;
    return QmpException.generic("Could not open '" + device + "': " + why.text());
  }

  private static String tunnel(NetdevL2TPv3Options tunnel) throws QmpException {
    boolean ports = tunnel.srcport().isPresent() && tunnel.dstport().isPresent();
    if (tunnel.udp().orElse(false) && !ports) {
      throw QmpException.generic("need both src and dst port for udp");
    }
    return "l2tpv3: connected";
  }

  private static QmpException vhostUser(NetdevVhostUserOptions vhost, CharDevices charDevices) {
    CharDevice device = charDevices.find(vhost.chardev());
    if (device == null) {
      return QmpException.generic("chardev \"" + vhost.chardev() + "\" not found");
    }
    if (!device.isReconnectable()) {
      return QmpException.generic("chardev \"" + vhost.chardev() + "\" is not reconnectable");
    }
    return QmpException.generic("vhost-user back ends are not served");
  }
}
