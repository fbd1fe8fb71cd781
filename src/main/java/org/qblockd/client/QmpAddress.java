// SPDX-License-Identifier: Apache-2.0
package org.qblockd.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Where a QMP socket is: a path, {@code unix:PATH}, {@code HOST:PORT} or {@code tcp:HOST:PORT}.
 * Immutable.
 *
 * @param text as it was given
 */
public record QmpAddress(String text, SocketAddress socket) {
  private static final String UNIX = "unix:";
  private static final String TCP = "tcp:";

  /**
   * Reads an address.
   *
   * @throws IOException when it is none
   */
  public static QmpAddress of(String text) throws IOException {
    if (text.startsWith(UNIX)) {
      return unix(text, text.substring(UNIX.length()));
    }
    String rest = text.startsWith(TCP) ? text.substring(TCP.length()) : text;
    int colon = rest.lastIndexOf(':');
    if (colon >= 0 && (text.startsWith(TCP) || !rest.contains("/"))) {
      return new QmpAddress(text, tcp(text, rest, colon));
    }
    return unix(text, text);
  }

  private static QmpAddress unix(String text, String path) throws IOException {
    try {
      return new QmpAddress(text, UnixDomainSocketAddress.of(Path.of(path)));
    } catch (IllegalArgumentException e) {
      throw new IOException("'" + text + "' is not a path", e);
    }
  }

  private static SocketAddress tcp(String text, String rest, int colon) throws IOException {
    String host = rest.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(rest.substring(colon + 1));
      return new InetSocketAddress(host.isEmpty() ? "127.0.0.1" : host, port);
    } catch (IllegalArgumentException e) {
      throw new IOException("'" + text + "' is neither a path nor HOST:PORT", e);
    }
  }

  /** Connects. */
  public SocketChannel connect() throws IOException {
    try {
      if (socket instanceof UnixDomainSocketAddress) {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean unused = channel.connect(socket);
        return channel;
      }
      return SocketChannel.open(socket);
    } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
      throw new IOException("cannot connect to '" + text + "': " + reason(e), e);
    }
  }

  /** Listens. */
  public ServerSocketChannel listen() throws IOException {
    try {
      ServerSocketChannel channel =
          socket instanceof UnixDomainSocketAddress
              ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
              : ServerSocketChannel.open();
      return channel.bind(socket);
    } catch (IOException | java.nio.channels.UnresolvedAddressException e) {
      throw new IOException("cannot listen at '" + text + "': " + reason(e), e);
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? "the name of the host is not known" : message;
  }
}
