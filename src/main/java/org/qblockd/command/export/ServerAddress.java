// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.export;

import org.qblockd.base.BlockException;
import org.qblockd.export.transport.Listener;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.qapi.types.SocketAddressLegacy;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.qapi.types.VsockSocketAddress;
import org.qblockd.sockets.InetNames;
import org.qblockd.storage.Descriptors;

/** Opens the sockets that a server is told to listen on. Control lane. */
final class ServerAddress {
  private ServerAddress() {}

  static Listener listen(SocketAddress address) throws QmpException, BlockException {
    return switch (address) {
      case SocketAddress.Inet inet -> inet(inet.data());
      case SocketAddress.Unix unix -> unix(unix.data());
      case SocketAddress.Vsock vsock -> vsock(vsock.data());
      case SocketAddress.Fd fd -> descriptor(fd.data().str());
    };
  }

  /** The same address without the member that older commands wrap it in. */
  static SocketAddress plain(SocketAddressLegacy address) {
    return switch (address) {
      case SocketAddressLegacy.Inet inet -> new SocketAddress.Inet(inet.data().data());
      case SocketAddressLegacy.Unix unix -> new SocketAddress.Unix(unix.data().data());
      case SocketAddressLegacy.Vsock vsock -> new SocketAddress.Vsock(vsock.data().data());
      case SocketAddressLegacy.Fd fd -> new SocketAddress.Fd(fd.data().data());
    };
  }

  private static Listener inet(InetSocketAddress address) throws BlockException {
    if (address.mptcp().orElse(false)) {
      throw BlockException.invalid("Connections by several paths (mptcp) are not served");
    }
    InetNames names =
        new InetNames(
            address.host(),
            address.port(),
            address.ipv4().orElse(null),
            address.ipv6().orElse(null),
            address.numeric().orElse(false));
    return Listener.inet(names, address.to().orElse(-1L).intValue());
  }

  private static Listener unix(UnixSocketAddress address) throws BlockException {
    return address.abstract_().orElse(false)
        ? Listener.abstractUnix(address.path(), address.tight().orElse(true))
        : Listener.unix(address.path());
  }

  private static Listener vsock(VsockSocketAddress address) throws BlockException {
    checkNumber("cid", address.cid());
    checkNumber("port", address.port());
    throw BlockException.invalid("Sockets between a host and its guests are not served");
  }

  private static void checkNumber(String what, String text) throws BlockException {
    try {
      int unused = Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw BlockException.invalid("Failed to parse " + what + " '" + text + "'");
    }
  }

  private static Listener descriptor(String name) throws QmpException, BlockException {
    Session session = Session.current();
    int fd;
    if (session != null) {
      fd = session.descriptors().take(name);
      if (fd < 0) {
        throw QmpException.generic("File descriptor named '" + name + "' has not been found");
      }
    } else {
      fd = number(name);
    }
    if (!Descriptors.isSocket(fd)) {
      throw BlockException.invalid("File descriptor '" + name + "' is not a socket");
    }
    return Listener.descriptor(fd);
  }

  private static int number(String text) throws BlockException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw BlockException.invalid("Unable to parse FD number " + text);
    }
  }
}
