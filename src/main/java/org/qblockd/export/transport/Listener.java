// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.sockets.AbstractSockets;
import org.qblockd.sockets.AdoptedSockets;
import org.qblockd.sockets.InetNames;

/** The sockets that clients of a server connect to. Opened and closed on the control lane. */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int MAX_UNIX_PATH = 108;
  private static final int MAX_PORT = 65535;

  private final List<Socket> sockets;
  private final @Nullable Path socketFile;

  private Listener(List<Socket> sockets, @Nullable Path socketFile) {
    this.sockets = List.copyOf(sockets);
    this.socketFile = socketFile;
  }

  /**
   * One socket. A thread of its own waits in {@link #accept}, which a close from elsewhere ends.
   */
  public static final class Socket {
    private final ServerSocketChannel channel;

    private Socket(ServerSocketChannel channel) {
      this.channel = channel;
    }

    /** Waits for a client; throws when the listener has been closed. */
    public SocketChannel accept() throws IOException {
      SocketChannel client = channel.accept();
      try {
        if (client.getRemoteAddress() instanceof InetSocketAddress) {
          client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
      } catch (SocketException e) {
        // The client has gone already; its first read says so.
        return client;
      }
      return client;
    }

    /** Whether a failed accept means that the listener is closed. */
    public boolean closed() {
      return !channel.isOpen();
    }

    /** The port it listens on, or -1 for sockets without one. */
    public int port() {
      try {
        return channel.getLocalAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
      } catch (IOException e) {
        return -1;
      }
    }

    private void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // The descriptor is closed in any case.
        return;
      }
    }
  }

  /** Waits for the first client on any of the sockets; throws when the listener is closed. */
  public SocketChannel acceptFirst() throws IOException {
    if (sockets.size() == 1) {
      return sockets.getFirst().accept();
    }
    CompletableFuture<SocketChannel> first = new CompletableFuture<>();
    for (Socket socket : sockets) {
      Thread.ofVirtual().start(() -> accept(socket, first));
    }
    try {
      return first.join();
    } catch (CompletionException closed) {
      throw new IOException(closed.getCause());
    }
  }

  /** Hangs up on a client that is not the first. */
  private static void accept(Socket socket, CompletableFuture<SocketChannel> first) {
    try {
      SocketChannel client = socket.accept();
      if (!first.complete(client)) {
        client.close();
      }
    } catch (IOException failed) {
      first.completeExceptionally(failed);
    }
  }

  /** What it listens on, at least one. */
  public List<Socket> sockets() {
    return sockets;
  }

  /**
   * Listens on all addresses of a host that can be used, each with the first free port of a range.
   *
   * @param to the last port to try; -1 for one only
   */
  public static Listener inet(InetNames names, int to) throws BlockException {
    List<Socket> open = new ArrayList<>();
    BlockException failure = null;
    for (InetSocketAddress address : names.resolve(true)) {
      try {
        open.add(new Socket(listen(address, to)));
      } catch (BlockException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (open.isEmpty() && failure != null) {
      throw failure;
    }
    return new Listener(open, null);
  }

  private static ServerSocketChannel listen(InetSocketAddress first, int to) throws BlockException {
    Errno why = Errno.EADDRINUSE;
    int last = to < 0 ? first.getPort() : Math.min(to, MAX_PORT);
    for (int port = first.getPort(); port <= last; port++) {
      try {
        ServerSocketChannel channel = ServerSocketChannel.open(family(first));
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return bind(channel, new InetSocketAddress(first.getAddress(), port));
      } catch (BindException e) {
        why = IoErrors.of(e, Errno.EADDRINUSE);
      } catch (IOException e) {
        throw BlockException.withErrno(IoErrors.of(e, Errno.EIO), "Failed to bind socket");
      } catch (UnsupportedOperationException withoutIpv6) {
        throw BlockException.invalid(
            "Failed to create a socket: Address family not supported by protocol");
      }
    }
    throw BlockException.withErrno(
        why,
        why == Errno.EADDRINUSE ? "Failed to find an available port" : "Failed to bind socket");
  }

  private static StandardProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof java.net.Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
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

  /** Listens on a unix socket; one that is there already is replaced. */
  public static Listener unix(String path) throws BlockException {
    if (path.getBytes(StandardCharsets.UTF_8).length > MAX_UNIX_PATH) {
      throw tooLong(path, MAX_UNIX_PATH);
    }
    Path file = path.isEmpty() ? freshPath() : Path.of(path);
    try {
      boolean unused = Files.deleteIfExists(file);
    } catch (DirectoryNotEmptyException e) {
      throw BlockException.withErrno(Errno.EISDIR, "Failed to unlink socket " + path);
    } catch (IOException e) {
      throw BlockException.withErrno(IoErrors.of(e, Errno.EIO), "Failed to unlink socket " + path);
    }
    try {
      ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.bind(UnixDomainSocketAddress.of(file), BACKLOG);
        return new Listener(List.of(new Socket(channel)), file);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw BlockException.withErrno(
          IoErrors.of(e, Errno.ENOENT), "Failed to bind socket to " + path);
    }
  }

  /** A socket without a path gets one that nobody else has. */
  private static Path freshPath() throws BlockException {
    try {
      return Files.createTempFile("qemu-socket-", "");
    } catch (IOException e) {
      throw BlockException.withErrno(IoErrors.of(e, Errno.EIO), "Failed to make a temporary file");
    }
  }

  private static BlockException tooLong(String path, int limit) {
    return BlockException.invalid("UNIX socket path '" + path + "' is too long")
        .hinted("Path must be less than " + limit + " bytes");
  }

  /** Listens on a name in Linux' abstract namespace. */
  public static Listener abstractUnix(String name, boolean tight) throws BlockException {
    if (name.getBytes(StandardCharsets.UTF_8).length > AbstractSockets.MAX_NAME) {
      throw tooLong(name, AbstractSockets.MAX_NAME);
    }
    try {
      return new Listener(List.of(new Socket(AbstractSockets.listen(name, tight, BACKLOG))), null);
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), "Failed to bind socket to " + name);
    }
  }

  /** Listens on a descriptor that already does; it is closed in the end. */
  public static Listener descriptor(int fd) throws BlockException {
    try {
      return new Listener(List.of(new Socket(AdoptedSockets.listening(fd))), null);
    } catch (IOException e) {
      throw BlockException.invalid(String.valueOf(e.getMessage()));
    }
  }

  /** Ends listening; the name of a unix socket stays. */
  public void closeSockets() {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Ends listening and removes the socket's file. */
  @Override
  public void close() {
    closeSockets();
    if (socketFile != null) {
      try {
        boolean unused = Files.deleteIfExists(socketFile);
      } catch (IOException e) {
        // Nothing is lost: a file may stay.
        return;
      }
    }
  }
}
