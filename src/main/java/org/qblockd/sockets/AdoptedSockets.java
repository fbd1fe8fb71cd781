// SPDX-License-Identifier: Apache-2.0
package org.qblockd.sockets;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes channels of descriptors. The JDK has no public way to take a socket over; the jar's
 * manifest opens the one it has. Any thread.
 */
public final class AdoptedSockets {
  private AdoptedSockets() {}

  /** A channel of a socket that listens. The descriptor belongs to it from now on. */
  public static ServerSocketChannel listening(int fd) throws IOException {
    return (ServerSocketChannel)
        adopt("sun.nio.ch.ServerSocketChannelImpl", family(fd), fd, boolean.class, true);
  }

  /** A channel of a socket that is connected. The descriptor belongs to it from now on. */
  public static SocketChannel connected(int fd) throws IOException {
    ProtocolFamily family = family(fd);
    SocketAddress remote =
        family == StandardProtocolFamily.UNIX
            ? UnixDomainSocketAddress.of("")
            : new InetSocketAddress(0);
    return (SocketChannel)
        adopt("sun.nio.ch.SocketChannelImpl", family, fd, SocketAddress.class, remote);
  }

  /**
   * The descriptor of a channel, which it keeps; -1 where this Java does not tell. It is only good
   * as long as the channel is open, and another file's afterwards.
   */
  public static int descriptor(SocketChannel channel) {
    try {
      Method number = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
      number.setAccessible(true);
      return (int) number.invoke(channel);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return -1;
    }
  }

  private static Object adopt(
      String type, ProtocolFamily family, int fd, Class<?> last, Object argument)
      throws IOException {
    try {
      Constructor<FileDescriptor> descriptor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      descriptor.setAccessible(true);
      Constructor<?> adopt =
          Class.forName(type)
              .getDeclaredConstructor(
                  SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, last);
      adopt.setAccessible(true);
      return adopt.newInstance(
          SelectorProvider.provider(), family, descriptor.newInstance(fd), argument);
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      throw new IOException("This Java cannot take over socket " + fd, e);
    }
  }

  /** What kind of socket it is; other families than the internet's are taken for unix. */
  private static ProtocolFamily family(int fd) throws IOException {
    String name = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    if (!name.startsWith("socket:[")) {
      throw new IOException(name + " is not a socket");
    }
    String inode = " " + name.substring("socket:[".length(), name.length() - 1);
    for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
      if (line.contains(inode + " ") || line.endsWith(inode)) {
        return StandardProtocolFamily.UNIX;
      }
    }
    return StandardProtocolFamily.INET6;
  }
}
