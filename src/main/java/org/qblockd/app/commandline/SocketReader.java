// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ChardevSocket;
import org.qblockd.qapi.types.ChardevUdp;
import org.qblockd.qapi.types.FdSocketAddress;
import org.qblockd.qapi.types.FdSocketAddressWrapper;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.InetSocketAddressWrapper;
import org.qblockd.qapi.types.SocketAddressLegacy;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.qapi.types.UnixSocketAddressWrapper;

/** The sockets of {@code -chardev}. Stateless; any thread. */
final class SocketReader {
  private static final int PORT_MASK = 0xFFFF;

  private SocketReader() {}

  static ChardevSocket socket(Parsed options, Optional<String> logFile, Optional<Boolean> logAppend)
      throws QmpException {
    boolean server = options.flag("server", false);
    Optional<Boolean> waits = flag(options, "wait");
    if (server && waits.isEmpty()) {
      waits = Optional.of(true);
    }
    return new ChardevSocket(
        logFile,
        logAppend,
        address(options),
        Optional.ofNullable(options.get("tls-creds")),
        Optional.ofNullable(options.get("tls-authz")),
        Optional.of(server),
        waits,
        Optional.of(noDelay(options)),
        flag(options, "telnet"),
        flag(options, "tn3270"),
        flag(options, "websocket"),
        number(options, "reconnect"),
        number(options, "reconnect-ms"));
  }

  private static boolean noDelay(Parsed options) throws QmpException {
    return options.flag("nodelay", !options.flag("delay", true));
  }

  private static Optional<Boolean> flag(Parsed options, String name) throws QmpException {
    @Nullable String value = options.get(name);
    return value == null ? Optional.empty() : Optional.of(OptsParser.bool(name, value));
  }

  private static Optional<Long> number(Parsed options, String name) throws QmpException {
    @Nullable String value = options.get(name);
    return value == null ? Optional.empty() : Optional.of(OptsParser.number(name, value));
  }

  private static SocketAddressLegacy address(Parsed options) throws QmpException {
    @Nullable String path = options.get("path");
    @Nullable String fd = options.get("fd");
    @Nullable String host = options.get("host");
    @Nullable String port = options.get("port");
    int given = (path == null ? 0 : 1) + (fd == null ? 0 : 1) + (host == null ? 0 : 1);
    if (given > 1) {
      throw QmpException.generic("None or one of 'path', 'fd' or 'host' option required.");
    }
    if (path != null) {
      return new SocketAddressLegacy.Unix(
          new UnixSocketAddressWrapper(
              new UnixSocketAddress(path, flag(options, "abstract"), flag(options, "tight"))));
    }
    if (host == null) {
      return new SocketAddressLegacy.Fd(
          new FdSocketAddressWrapper(new FdSocketAddress(fd == null ? "" : fd)));
    }
    if (port == null) {
      throw QmpException.generic("chardev: socket: no port given");
    }
    Optional<Long> to = number(options, "to");
    return inet(host, port, to.map(last -> last & PORT_MASK), options);
  }

  private static SocketAddressLegacy inet(
      String host, String port, Optional<Long> to, @Nullable Parsed options) throws QmpException {
    InetSocketAddress address =
        new InetSocketAddress(
            host,
            port,
            Optional.empty(),
            to,
            options == null ? Optional.empty() : flag(options, "ipv4"),
            options == null ? Optional.empty() : flag(options, "ipv6"),
            Optional.empty(),
            Optional.empty());
    return new SocketAddressLegacy.Inet(new InetSocketAddressWrapper(address));
  }

  static ChardevUdp udp(Parsed options, Optional<String> logFile, Optional<Boolean> logAppend)
      throws QmpException {
    String host = orElse(options.get("host"), "localhost");
    String port = orElse(options.get("port"), "");
    if (port.isEmpty()) {
      throw QmpException.generic("chardev: udp: remote port not specified");
    }
    @Nullable String localHost = options.get("localaddr");
    @Nullable String localPort = options.get("localport");
    Optional<SocketAddressLegacy> local = Optional.empty();
    if (localHost != null || localPort != null) {
      local =
          Optional.of(inet(orElse(localHost, ""), orElse(localPort, "0"), Optional.empty(), null));
    }
    return new ChardevUdp(logFile, logAppend, inet(host, port, Optional.empty(), options), local);
  }

  /** An empty text counts as none. */
  private static String orElse(@Nullable String text, String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }
}
