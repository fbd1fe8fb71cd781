// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevSocket;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.SocketAddressLegacy;
import org.qblockd.qapi.types.UnixSocketAddress;

/** Makes socket devices, after the checks of their options. Stateless; any thread. */
final class SocketMaker {
  private static final long MILLIS_PER_SECOND = 1000;

  private SocketMaker() {}

  static CharDevice make(String id, ChardevSocket socket, DeviceHost host, DescriptorNames names)
      throws QmpException {
    boolean server = socket.server().orElse(true);
    check(socket, server);
    Telnet telnet = null;
    String scheme = "tcp";
    if (socket.tn3270().orElse(false)) {
      telnet = Telnet.tn3270();
      scheme = "tn3270";
    } else if (socket.telnet().orElse(false)) {
      telnet = Telnet.plain();
      scheme = "telnet";
    }
    Endpoint endpoint = endpoint(socket.addr(), scheme, names);
    SocketOptions options =
        new SocketOptions(
            server,
            server && socket.wait_().orElse(false),
            socket.nodelay().orElse(false),
            keepsAlive(socket.addr()),
            telnet,
            scheme,
            reconnectMillis(socket));
    return new SocketDevice(id, endpoint, options, host.reports());
  }

  private static void check(ChardevSocket socket, boolean server) throws QmpException {
    boolean descriptor = socket.addr() instanceof SocketAddressLegacy.Fd;
    if (descriptor) {
      refuse(socket.reconnect().isPresent(), "'reconnect' option is incompatible with 'fd'");
      refuse(socket.reconnectMs().isPresent(), "'reconnect-ms' option is incompatible with 'fd'");
    }
    refuse(
        socket.tlsAuthz().isPresent() && socket.tlsCreds().isEmpty(),
        "'tls_authz' option requires 'tls_creds' option");
    if (server) {
      refuse(
          socket.reconnect().isPresent(),
          "'reconnect' option is incompatible with socket in server listen mode");
      refuse(socket.websocket().orElse(false), "websockets are not served as character devices");
    } else {
      refuse(socket.websocket().orElse(false), "Websocket client is not implemented");
      refuse(
          socket.wait_().isPresent(),
          "'wait' option is incompatible with socket in client connect mode");
    }
    refuse(
        socket.reconnect().isPresent() && socket.reconnectMs().isPresent(),
        "'reconnect' and 'reconnect-ms' are mutually exclusive");
    if (socket.tlsCreds().isPresent()) {
      throw QmpException.generic("No TLS credentials with id '" + socket.tlsCreds().get() + "'");
    }
  }

  private static void refuse(boolean wrong, String sentence) throws QmpException {
    if (wrong) {
      throw QmpException.generic(sentence);
    }
  }

  private static long reconnectMillis(ChardevSocket socket) {
    long millis =
        socket.reconnect().isPresent()
            ? socket.reconnect().get() * MILLIS_PER_SECOND
            : socket.reconnectMs().orElse(0L);
    return Math.max(millis, 0);
  }

  private static boolean keepsAlive(SocketAddressLegacy address) {
    return address instanceof SocketAddressLegacy.Inet inet
        && inet.data().data().keepAlive().orElse(false);
  }

  private static Endpoint endpoint(
      SocketAddressLegacy address, String scheme, DescriptorNames names) throws QmpException {
    // No switch over types: the first one costs milliseconds of each start.
    if (address instanceof SocketAddressLegacy.Unix unix) {
      UnixSocketAddress path = unix.data().data();
      return new UnixEndpoint(
          new UnixAddress(path.path(), path.abstract_().orElse(false), path.tight().orElse(true)));
    }
    if (address instanceof SocketAddressLegacy.Fd fd) {
      String text = fd.data().data().str();
      return new DescriptorEndpoint(text, names.take(text));
    }
    @Nullable InetSocketAddress inet =
        address instanceof SocketAddressLegacy.Inet internet ? internet.data().data() : null;
    if (inet == null) {
      throw QmpException.generic("sockets of type 'vsock' are not served");
    }
    return new TcpEndpoint(inet, scheme);
  }
}
