// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.types.InetSocketAddress;

/**
 * An address of TCP.
 *
 * @param scheme what texts about it begin with: {@code tcp}, {@code telnet}, {@code tn3270}
 */
record TcpEndpoint(InetSocketAddress address, String scheme) implements Endpoint {
  private static final int MAX_PORT = 65535;

  @Override
  public int listen(SocketCalls calls) throws BlockException {
    List<HostAddress> hosts = HostAddress.resolve(address, true);
    int first = HostAddress.port(address);
    long last = address.to().isPresent() ? address.to().get() : (long) first;
    Errno lastError = Errno.EADDRINUSE;
    for (HostAddress host : hosts) {
      for (int port = first; port <= Math.min(last, MAX_PORT); port++) {
        int fd = host.socket(SocketCalls.SOCK_STREAM);
        if (fd < 0) {
          continue;
        }
        int result = bind(calls, fd, host.withPort(port));
        if (result >= 0) {
          return fd;
        }
        calls.close(fd);
        lastError = Errno.of(-result);
        if (lastError != Errno.EADDRINUSE) {
          throw BlockException.withErrno(lastError, "Failed to bind socket");
        }
      }
    }
    if (last < first) {
      throw BlockException.invalid("Failed to create a socket");
    }
    throw BlockException.withErrno(lastError, "Failed to find an available port");
  }

  private static int bind(SocketCalls calls, int fd, MemorySegment name) {
    HostCalls options = new HostCalls();
    options.setOption(fd, HostCalls.SOL_SOCKET, HostCalls.SO_REUSEADDR, 1);
    int result = calls.bind(fd, name);
    return result < 0 ? result : calls.listen(fd, SocketDevice.BACKLOG);
  }

  @Override
  public int connect(SocketCalls calls) throws BlockException {
    Errno last = Errno.ECONNREFUSED;
    for (HostAddress host : HostAddress.resolve(address, false)) {
      int fd = host.socket(SocketCalls.SOCK_STREAM);
      if (fd < 0) {
        last = Errno.of(-fd);
        continue;
      }
      int result = calls.connect(fd, host.withPort(HostAddress.port(address)));
      if (result >= 0) {
        return fd;
      }
      calls.close(fd);
      last = Errno.of(-result);
    }
    throw BlockException.withErrno(
        last, "Failed to connect to '" + address.host() + ":" + address.port() + "'");
  }

  @Override
  public String text(int listener) {
    String where = address.host() + ":" + address.port();
    if (listener >= 0) {
      where = HostAddress.text(new HostCalls().name(listener, false));
    }
    return scheme + ":" + where;
  }

  @Override
  public boolean isTcp() {
    return true;
  }
}
