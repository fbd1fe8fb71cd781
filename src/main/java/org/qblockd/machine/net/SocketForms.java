// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.net;

import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.NetdevDgramOptions;
import org.qblockd.qapi.types.NetdevSocketOptions;
import org.qblockd.qapi.types.NetdevStreamOptions;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.qapi.types.SocketAddressType;

/** The rules for back ends on sockets, and how they are shown. Stateless; any thread. */
final class SocketForms {
  private static final int FIRST_MULTICAST = 224;
  private static final int AFTER_MULTICAST = 240;

  private SocketForms() {}

  static String socket(NetdevSocketOptions options) throws QmpException {
    int ways = 0;
    ways += options.fd().isPresent() ? 1 : 0;
    ways += options.listen().isPresent() ? 1 : 0;
    ways += options.connect().isPresent() ? 1 : 0;
    ways += options.mcast().isPresent() ? 1 : 0;
    ways += options.udp().isPresent() ? 1 : 0;
    if (ways != 1) {
      throw QmpException.generic("exactly one of listen=, connect=, mcast= or udp= is required");
    }
    boolean datagrams = options.mcast().isPresent() || options.udp().isPresent();
    if (options.localaddr().isPresent() && !datagrams) {
      throw QmpException.generic("localaddr= is only valid with mcast= or udp=");
    }
    String fd = options.fd().orElse(null);
    if (fd != null) {
      throw QmpException.generic("File descriptor named '" + fd + "' has not been found");
    }
    if (options.mcast().isPresent()) {
      HostPort group = HostPort.of(options.mcast().get());
      checkMulticast(group);
      return "socket: mcast=" + group.text();
    }
    if (options.udp().isPresent()) {
      if (options.localaddr().isEmpty()) {
        throw QmpException.generic("localaddr= is mandatory with udp=");
      }
      HostPort unused = HostPort.of(options.localaddr().get());
      return "socket: udp=" + HostPort.of(options.udp().get()).text();
    }
    HostPort unused = HostPort.of(options.listen().or(options::connect).orElseThrow());
    return "";
  }

  private static void checkMulticast(HostPort group) throws QmpException {
    Integer address = Ipv4.parse(group.host());
    if (address != null && !isMulticast(address)) {
      throw QmpException.generic(
          "specified mcastaddr %s (0x%08x) does not contain a multicast address"
              .formatted(group.host(), address));
    }
  }

  private static boolean isMulticast(int address) {
    int first = address >>> 24;
    return first >= FIRST_MULTICAST && first < AFTER_MULTICAST;
  }

  static String stream(NetdevStreamOptions options) throws QmpException {
    boolean again = options.reconnect().isPresent() || options.reconnectMs().isPresent();
    if (options.server().orElse(false)) {
      if (again) {
        throw QmpException.generic(
            "'reconnect' and 'reconnect-ms' options are incompatible with socket in server mode");
      }
      return "listening";
    }
    if (options.reconnect().isPresent() && options.reconnectMs().isPresent()) {
      throw QmpException.generic("'reconnect' and 'reconnect-ms' are mutually exclusive");
    }
    return "connecting";
  }

  static String dgram(NetdevDgramOptions options) throws QmpException {
    SocketAddress local = options.local().orElse(null);
    SocketAddress remote = options.remote().orElse(null);
    if (remote instanceof SocketAddress.Inet inet && isMulticastGroup(inet)) {
      return "mcast=" + inet.data().host() + ":" + inet.data().port();
    }
    if (local == null) {
      throw QmpException.generic("dgram requires local= parameter");
    }
    if (local.type() == SocketAddressType.FD) {
      throw QmpException.generic(
          remote != null
              ? "don't set remote with local.fd"
              : "file descriptors of network back ends are not served");
    }
    if (remote == null) {
      throw QmpException.generic("type=inet or type=unix requires remote parameter");
    }
    if (remote.type() != local.type()) {
      throw QmpException.generic("remote and local types must be the same");
    }
    return "udp=" + text(local, "/") + text(remote, "");
  }

  private static boolean isMulticastGroup(SocketAddress.Inet inet) {
    Integer address = Ipv4.parse(inet.data().host());
    return address != null && isMulticast(address);
  }

  private static String text(SocketAddress address, String after) {
    return switch (address) {
      case SocketAddress.Inet inet -> inet.data().host() + ":" + inet.data().port() + after;
      case SocketAddress.Unix unix -> unix.data().path() + (after.isEmpty() ? "" : ":");
      case SocketAddress.Vsock vsock -> vsock.data().cid() + ":" + vsock.data().port() + after;
      case SocketAddress.Fd fd -> fd.data().str() + after;
    };
  }

  /** {@code host:port}. */
  private record HostPort(String host, String port) {
    static HostPort of(String text) throws QmpException {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw QmpException.generic(
            "host address '" + text + "' doesn't contain ':' separating host from port");
      }
      return new HostPort(text.substring(0, colon), text.substring(colon + 1));
    }

    String text() {
      return host + ":" + port;
    }
  }

  /** Addresses of the internet protocol, version 4. */
  static final class Ipv4 {
    private Ipv4() {}

    /** The address, or null when the text is none. */
    static @Nullable Integer parse(String text) {
      String[] parts = text.split("\\.", -1);
      if (parts.length != 4) {
        return null;
      }
      int address = 0;
      for (String part : parts) {
        if (!part.matches("[0-9]{1,3}") || Integer.parseInt(part) > 255) {
          return null;
        }
        address = address << 8 | Integer.parseInt(part);
      }
      return address;
    }

    static String text(int address) {
      return (address >>> 24)
          + "."
          + (address >>> 16 & 255)
          + "."
          + (address >>> 8 & 255)
          + "."
          + (address & 255);
    }
  }
}
