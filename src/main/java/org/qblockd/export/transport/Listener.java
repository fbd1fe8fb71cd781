// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A socket that clients connect to. Opened and closed on the control lane; {@link #accept} on a
 * thread of its own, which a close from elsewhere ends.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int MAX_UNIX_PATH = 107;
  private static final int MAX_PORT = 65535;

  private final ServerSocketChannel channel;
  private final @Nullable Path socketFile;

  private Listener(ServerSocketChannel channel, @Nullable Path socketFile) {
    this.channel = channel;
    this.socketFile = socketFile;
  }

  /**
   * Listens on the first free port of a range.
   *
   * @param host a name or address; empty for all addresses
   * @param to the last port to try; -1 for {@code port} only
   */
  public static Listener inet(
      String host, String port, int to, boolean allowIpv4, boolean allowIpv6)
      throws BlockException {
    String where = host + ":" + port;
    int first = portNumber(port, where);
    InetAddress address = InetNames.resolve(host, where, allowIpv4, allowIpv6);
    BindException taken = null;
    for (int next = first; next <= Math.clamp(to, first, MAX_PORT); next++) {
      try {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return new Listener(bind(channel, new InetSocketAddress(address, next)), null);
      } catch (BindException e) {
        taken = e;
      } catch (IOException e) {
        throw BlockException.withErrno(IoErrors.of(e, Errno.EIO), "Failed to bind socket");
      }
    }
    Errno why = taken == null ? Errno.EADDRINUSE : IoErrors.of(taken, Errno.EADDRINUSE);
    throw BlockException.withErrno(
        why,
        why == Errno.EADDRINUSE ? "Failed to find an available port" : "Failed to bind socket");
  }

  private static ServerSocketChannel bind(ServerSocketChannel channel, InetSocketAddress address)
      throws IOException {
    try {
      return channel.bind(address, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static int portNumber(String port, String where) throws BlockException {
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= MAX_PORT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The names of services are not known here: said below.
    }
    throw BlockException.invalid(
        "address resolution failed for " + where + ": Servname not supported for ai_socktype");
  }

  /** Listens on a unix socket; one that is there already is replaced. */
  public static Listener unix(String path) throws BlockException {
    if (path.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_UNIX_PATH) {
      throw BlockException.invalid(
          "UNIX socket path '" + path + "' is too long\nPath must be less than 108 bytes");
    }
    Path file = Path.of(path);
    try {
      boolean unused = Files.deleteIfExists(file);
    } catch (IOException e) {
      throw BlockException.withErrno(IoErrors.of(e, Errno.EIO), "Failed to unlink socket " + path);
    }
    try {
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        return new Listener(channel.bind(UnixDomainSocketAddress.of(file), BACKLOG), file);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw BlockException.withErrno(
          IoErrors.of(e, Errno.ENOENT), "Failed to bind socket to " + path);
    }
  }

  /** Listens on a descriptor that already does; it is closed in the end. */
  public static Listener descriptor(int fd) throws BlockException {
    boolean isUnix;
    try {
      isUnix = isUnixSocket(fd);
    } catch (IOException e) {
      throw BlockException.invalid("File descriptor '" + fd + "' is not a socket");
    }
    try {
      Constructor<FileDescriptor> descriptor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      descriptor.setAccessible(true);
      // The JDK has no public way to take a socket over; the jar's manifest opens this one.
      Constructor<?> adopt =
          Class.forName("sun.nio.ch.ServerSocketChannelImpl")
              .getDeclaredConstructor(
                  SelectorProvider.class,
                  ProtocolFamily.class,
                  FileDescriptor.class,
                  boolean.class);
      adopt.setAccessible(true);
      ProtocolFamily family = isUnix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET6;
      Object channel =
          adopt.newInstance(SelectorProvider.provider(), family, descriptor.newInstance(fd), true);
      return new Listener((ServerSocketChannel) channel, null);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw BlockException.invalid("This Java cannot take over socket '" + fd + "'");
    }
  }

  private static boolean isUnixSocket(int fd) throws IOException {
    String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    if (!name.startsWith("socket:[")) {
      throw new IOException(name);
    }
    String inode = " " + name.substring("socket:[".length(), name.length() - 1);
    for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
      if (line.contains(inode + " ") || line.endsWith(inode)) {
        return true;
      }
    }
    return false;
  }

  /** The port it listens on, or -1 for sockets without one. */
  public int port() {
    try {
      return channel.getLocalAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** Waits for a client; throws when the listener has been closed. */
  public SocketChannel accept() throws IOException {
    SocketChannel client = channel.accept();
    try {
      if (client.getLocalAddress() instanceof InetSocketAddress) {
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
    } catch (SocketException e) {
      // The client has gone already; its first read says so.
      return client;
    }
    return client;
  }

  /** Ends listening and removes the socket's file. */
  @Override
  public void close() {
    try {
      channel.close();
      if (socketFile != null) {
        boolean unused = Files.deleteIfExists(socketFile);
      }
    } catch (IOException e) {
      // Nothing is lost: the descriptor is closed in any case, a file may stay.
      return;
    }
  }

  /** Whether a failed accept means that the listener is closed. */
  public boolean closed() {
    return !channel.isOpen();
  }

  /** Names of hosts. */
  private static final class InetNames {
    private InetNames() {}

    static InetAddress resolve(String host, String where, boolean ipv4, boolean ipv6)
        throws BlockException {
      try {
        String name = host.isEmpty() ? ipv6 ? "::" : "0.0.0.0" : host;
        for (InetAddress address : InetAddress.getAllByName(name)) {
          boolean isIpv4 = address instanceof java.net.Inet4Address;
          if (isIpv4 ? ipv4 : ipv6) {
            return address;
          }
        }
      } catch (UnknownHostException e) {
        // Said below.
      }
      throw BlockException.invalid(
          "address resolution failed for " + where + ": Name or service not known");
    }
  }
}
