// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.types.SocketAddress;

/** Connects to servers. Any thread. */
final class ServerAddress {
  private static final int MAX_PORT = 65535;

  private ServerAddress() {}

  static ServerSocket connect(SocketAddress address) throws BlockException {
    return switch (address) {
      case SocketAddress.Unix unix -> {
        if (unix.data().abstract_().orElse(false)) {
          throw BlockException.invalid("Abstract socket names are not served for NBD");
        }
        yield unix(unix.data().path());
      }
      case SocketAddress.Inet inet -> inet(inet.data().host(), inet.data().port());
      case SocketAddress.Vsock vsock ->
          throw BlockException.invalid("Sockets between a host and its guests are not served");
      case SocketAddress.Fd fd ->
          throw BlockException.invalid("Connections by descriptors are not served for NBD");
    };
  }

  private static ServerSocket unix(String path) throws BlockException {
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        boolean unused = channel.connect(UnixDomainSocketAddress.of(path));
        return new ServerSocket(channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(path, e);
    }
  }

  private static ServerSocket inet(String host, String port) throws BlockException {
    String where = host + ":" + port;
    try {
      SocketChannel channel = SocketChannel.open();
      try {
        InetAddress address = InetAddress.getByName(host.isEmpty() ? "localhost" : host);
        boolean unused = channel.connect(new InetSocketAddress(address, number(port, where)));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new ServerSocket(channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (UnknownHostException e) {
      throw BlockException.invalid(
          "address resolution failed for " + where + ": Name or service not known");
    } catch (IOException e) {
      throw failure(where, e);
    }
  }

  private static int number(String port, String where) throws BlockException {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= MAX_PORT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Names of services are not known here: said below.
    }
    throw BlockException.invalid(
        "address resolution failed for " + where + ": Servname not supported for ai_socktype");
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
