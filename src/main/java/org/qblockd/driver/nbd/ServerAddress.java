// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.qapi.types.VsockSocketAddress;
import org.qblockd.sockets.AbstractSockets;
import org.qblockd.sockets.AdoptedSockets;
import org.qblockd.sockets.InetNames;

/** Connects to servers. Any thread. */
final class ServerAddress {
  private static final int MAX_UNIX_PATH = 108;

  private ServerAddress() {}

  /** A connection; once only for a descriptor. */
  static SocketChannel connect(SocketAddress address) throws BlockException {
    return switch (address) {
      case SocketAddress.Unix unix -> unix(unix.data());
      case SocketAddress.Inet inet -> inet(inet.data());
      case SocketAddress.Vsock vsock -> vsock(vsock.data());
      case SocketAddress.Fd fd -> descriptor(fd.data().str());
    };
  }

  /** The name that the server's certificate must have if no other is given, or the empty string. */
  static String host(SocketAddress address) {
    return address instanceof SocketAddress.Inet inet ? inet.data().host() : "";
  }

  private static SocketChannel unix(UnixSocketAddress address) throws BlockException {
    String path = address.path();
    boolean isAbstract = address.abstract_().orElse(false);
    int limit = isAbstract ? AbstractSockets.MAX_NAME : MAX_UNIX_PATH;
    if (path.isEmpty() && !isAbstract) {
      throw BlockException.withErrno(Errno.ECONNREFUSED, "Failed to connect to ''");
    }
    if (path.getBytes(StandardCharsets.UTF_8).length > limit) {
      throw BlockException.invalid("UNIX socket path '" + path + "' is too long")
          .hinted("Path must be less than " + limit + " bytes");
    }
    if (isAbstract) {
      try {
        return AbstractSockets.connect(path, address.tight().orElse(true));
      } catch (BlockException e) {
        throw BlockException.withErrno(e.errno(), "Failed to connect to '" + path + "'");
      }
    }
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        boolean unused = channel.connect(UnixDomainSocketAddress.of(path));
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static SocketChannel inet(org.qblockd.qapi.types.InetSocketAddress wanted)
      throws BlockException {
    if (wanted.mptcp().orElse(false)) {
      throw BlockException.invalid("Connections by several paths (mptcp) are not served");
    }
    InetNames names =
        new InetNames(
            wanted.host(),
            wanted.port(),
            wanted.ipv4().orElse(null),
            wanted.ipv6().orElse(null),
            wanted.numeric().orElse(false));
    IOException failure = new ConnectException(Errno.ECONNREFUSED.text());
    for (InetSocketAddress address : names.resolve(false)) {
      try {
        return connected(address, wanted.keepAlive().orElse(false));
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure(wanted.host() + ":" + wanted.port(), failure);
  }

  private static SocketChannel connected(InetSocketAddress address, boolean keepAlive)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      boolean unused = channel.connect(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, keepAlive);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static SocketChannel vsock(VsockSocketAddress address) throws BlockException {
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

  private static SocketChannel descriptor(String number) throws BlockException {
    try {
      return AdoptedSockets.connected(Integer.parseInt(number));
    } catch (NumberFormatException e) {
      throw BlockException.invalid("Unable to parse FD number " + number);
    } catch (IOException e) {
      throw BlockException.invalid("File descriptor '" + number + "' is not a socket");
    }
  }

  private static BlockException failure(String where, IOException problem) {
    String text = String.valueOf(problem.getMessage());
    Errno found = problem instanceof ConnectException ? Errno.ECONNREFUSED : Errno.EIO;
    for (Errno errno : Errno.values()) {
      found = text.contains(errno.text()) ? errno : found;
    }
    return BlockException.withErrno(found, "Failed to connect to '" + where + "'");
  }
}
