// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.export.transport.Listener;
import org.qblockd.qapi.types.FileMigrationArgs;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.sockets.AdoptedSockets;
import org.qblockd.sockets.InetNames;
import org.qblockd.storage.Descriptors;

/** Opens the channels that streams go over. Connecting on a thread of the migration. */
final class Endpoints {
  private static final int MAX_PORT = 65535;

  private Endpoints() {}

  // ---- connecting -----------------------------------------------------------------------------

  /** Connects to the server at the address; waits as long as the network does. */
  static ByteChannel connect(SocketAddress address) throws BlockException {
    return switch (address) {
      case SocketAddress.Unix unix -> unix(unix.data());
      case SocketAddress.Inet inet -> inet(inet.data());
      case SocketAddress.Vsock vsock ->
          throw BlockException.invalid("Sockets between a host and its guests are not served");
      case SocketAddress.Fd fd -> throw new IllegalStateException("a descriptor to connect to");
    };
  }

  private static ByteChannel unix(UnixSocketAddress address) throws BlockException {
    if (address.abstract_().orElse(false)) {
      throw BlockException.invalid("Abstract socket names are not served for migration");
    }
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        boolean unused = channel.connect(UnixDomainSocketAddress.of(address.path()));
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw unconnected(address.path(), e);
    }
  }

  private static ByteChannel inet(InetSocketAddress address) throws BlockException {
    String where = address.host() + ":" + address.port();
    int port = port(address.port(), where);
    try {
      SocketChannel channel = SocketChannel.open();
      try {
        String host = address.host().isEmpty() ? "localhost" : address.host();
        InetAddress found = InetAddress.getByName(host);
        boolean unused = channel.connect(new java.net.InetSocketAddress(found, port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (UnknownHostException e) {
      throw BlockException.invalid(
          "address resolution failed for " + where + ": Name or service not known");
    } catch (IOException e) {
      throw unconnected(where, e);
    }
  }

  private static int port(String port, String where) throws BlockException {
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

  private static BlockException unconnected(String where, IOException problem) {
    Errno usual = problem instanceof ConnectException ? Errno.ECONNREFUSED : Errno.EIO;
    return BlockException.withErrno(errno(problem, usual), "Failed to connect to '" + where + "'");
  }

  private static Errno errno(IOException problem, Errno usual) {
    String text = String.valueOf(problem.getMessage());
    for (Errno errno : Errno.values()) {
      if (text.contains(errno.text())) {
        return errno;
      }
    }
    return problem instanceof NoSuchFileException ? Errno.ENOENT : usual;
  }

  // ---- files and descriptors ------------------------------------------------------------------

  /** A new file, or the old one from its offset on. */
  static ByteChannel createFile(FileMigrationArgs file) throws BlockException {
    try {
      SeekableByteChannel channel =
          Files.newByteChannel(
              Path.of(file.filename()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return channel.truncate(file.offset()).position(file.offset());
    } catch (IOException e) {
      throw BlockException.withErrno(
          errno(e, Errno.EACCES), "Could not create '" + file.filename() + "'");
    }
  }

  /** A file to read from. */
  static ByteChannel openFile(FileMigrationArgs file) throws BlockException {
    try {
      return Files.newByteChannel(Path.of(file.filename()), StandardOpenOption.READ)
          .position(file.offset());
    } catch (IOException e) {
      throw BlockException.withErrno(
          errno(e, Errno.EACCES), "Could not open '" + file.filename() + "'");
    }
  }

  /** Takes over a descriptor: a connected socket, or anything that can be opened again. */
  static ByteChannel adopt(int fd, boolean writing) throws BlockException {
    if (Descriptors.isSocket(fd)) {
      return adoptSocket(fd);
    }
    try {
      Path path = Path.of("/proc/self/fd/" + fd);
      ByteChannel channel =
          Files.newByteChannel(path, writing ? StandardOpenOption.WRITE : StandardOpenOption.READ);
      Descriptors.close(fd);
      return channel;
    } catch (IOException e) {
      throw BlockException.withErrno(errno(e, Errno.EBADF), "Failed to use descriptor " + fd);
    }
  }

  private static ByteChannel adoptSocket(int fd) throws BlockException {
    try {
      return AdoptedSockets.connected(fd);
    } catch (IOException e) {
      throw BlockException.invalid("This Java cannot take over socket '" + fd + "'");
    }
  }

  // ---- listening ------------------------------------------------------------------------------

  /** Listens at the address. */
  static Listener listen(SocketAddress address) throws BlockException {
    return switch (address) {
      case SocketAddress.Unix unix -> {
        if (unix.data().abstract_().orElse(false)) {
          throw BlockException.invalid("Abstract socket names are not served for migration");
        }
        yield Listener.unix(unix.data().path());
      }
      case SocketAddress.Inet inet ->
          Listener.inet(
              new InetNames(
                  inet.data().host(),
                  inet.data().port(),
                  inet.data().ipv4().orElse(null),
                  inet.data().ipv6().orElse(null),
                  inet.data().numeric().orElse(false)),
              inet.data().to().orElse(-1L).intValue());
      case SocketAddress.Vsock vsock ->
          throw BlockException.invalid("Sockets between a host and its guests are not served");
      case SocketAddress.Fd fd -> throw new IllegalStateException("a descriptor to listen at");
    };
  }

  /** The address as query-migrate shows it: with the port that it really is. */
  static SocketAddress shown(SocketAddress address, Listener listener) {
    if (!(address instanceof SocketAddress.Inet inet)) {
      return address;
    }
    String host = inet.data().host();
    boolean ipv6 = host.isEmpty() || host.indexOf(':') >= 0;
    String number = host;
    try {
      InetAddress found = InetAddress.getByName(host.isEmpty() ? "::" : host);
      ipv6 = found instanceof java.net.Inet6Address;
      number = host.isEmpty() ? "::" : found.getHostAddress();
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("a name that we listen at", impossible);
    }
    return new SocketAddress.Inet(
        new InetSocketAddress(
            number,
            Integer.toString(listener.sockets().getFirst().port()),
            Optional.empty(),
            Optional.empty(),
            ipv6 ? Optional.empty() : Optional.of(true),
            ipv6 ? Optional.of(true) : Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }
}
