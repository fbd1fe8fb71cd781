// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.types.InetSocketAddress;

/** One numeric address of a host, and its kernel form. Immutable; any thread. */
record HostAddress(InetAddress address) {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int INET_BYTES = 16;
  private static final int INET6_BYTES = 28;
  private static final int INET6_AT = 8;

  /** All addresses that may be used; a passive socket may leave the host out. */
  static List<HostAddress> resolve(InetSocketAddress wanted, boolean passive)
      throws BlockException {
    if (wanted.ipv4().isPresent()
        && !wanted.ipv4().get()
        && wanted.ipv6().isPresent()
        && !wanted.ipv6().get()) {
      throw BlockException.invalid("Cannot disable IPv4 and IPv6 at same time");
    }
    int unused = port(wanted);
    List<HostAddress> found = new ArrayList<>();
    boolean literal = isLiteral(wanted.host());
    for (InetAddress each : lookUp(wanted, passive, literal)) {
      if (each instanceof Inet4Address ? allowsIpv4(wanted) : allowsIpv6(wanted)) {
        found.add(new HostAddress(each));
      }
    }
    if (found.isEmpty()) {
      throw unresolved(wanted, "Address family for hostname not supported");
    }
    return found;
  }

  private static boolean allowsIpv4(InetSocketAddress wanted) {
    return wanted.ipv4().orElse(!wanted.ipv6().orElse(false));
  }

  private static boolean allowsIpv6(InetSocketAddress wanted) {
    return wanted.ipv6().orElse(!wanted.ipv4().orElse(false));
  }

  private static InetAddress[] lookUp(InetSocketAddress wanted, boolean passive, boolean literal)
      throws BlockException {
    String host = wanted.host();
    boolean refused = host.isEmpty() ? !passive : wanted.numeric().orElse(false) && !literal;
    if (refused) {
      throw unresolved(wanted, "Name or service not known");
    }
    try {
      if (host.isEmpty()) {
        return new InetAddress[] {
          InetAddress.getByAddress(new byte[4]), InetAddress.getByAddress(new byte[16])
        };
      }
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw unresolved(wanted, "Name or service not known");
    }
  }

  private static boolean isLiteral(String host) {
    boolean digits = !host.isEmpty();
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == ':') {
        return true;
      }
      digits &= c == '.' || c >= '0' && c <= '9';
    }
    return digits;
  }

  /** The port's number; as with getaddrinfo(3) only its lower 16 bits count. */
  static int port(InetSocketAddress wanted) throws BlockException {
    return port(wanted, wanted.port());
  }

  private static int port(InetSocketAddress wanted, String port) throws BlockException {
    if (port.isEmpty()) {
      return 0;
    }
    for (int i = 0; i < port.length(); i++) {
      if (port.charAt(i) < '0' || port.charAt(i) > '9' || i > 8) {
        throw unresolved(wanted, "Servname not supported for ai_socktype");
      }
    }
    return Integer.parseInt(port) & 0xFFFF;
  }

  private static BlockException unresolved(InetSocketAddress wanted, String why) {
    return BlockException.invalid(
        "address resolution failed for " + wanted.host() + ":" + wanted.port() + ": " + why);
  }

  /** The first of these that is of this address's family. */
  HostAddress sameFamily(List<HostAddress> others) {
    for (HostAddress other : others) {
      if (other.isIpv4() == isIpv4()) {
        return other;
      }
    }
    return others.getFirst();
  }

  private boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  /** A new socket of the address's family. */
  int socket(int type) {
    HostCalls calls = new HostCalls();
    int fd = calls.socket(isIpv4() ? AF_INET : AF_INET6, type);
    if (fd >= 0 && !isIpv4()) {
      calls.setOption(fd, HostCalls.IPPROTO_IPV6, HostCalls.IPV6_V6ONLY, 1);
    }
    return fd;
  }

  MemorySegment withPort(int port) {
    byte[] host = address.getAddress();
    ByteBuffer name = ByteBuffer.allocate(isIpv4() ? INET_BYTES : INET6_BYTES);
    name.putShort(2, (short) port);
    name.put(isIpv4() ? 4 : INET6_AT, host);
    MemorySegment memory = Arena.ofAuto().allocate(name.capacity(), 8);
    MemorySegment.copy(name.array(), 0, memory, JAVA_BYTE, 0, name.capacity());
    memory.set(JAVA_SHORT, 0, (short) (isIpv4() ? AF_INET : AF_INET6));
    return memory;
  }

  /** The text {@code host:port} of an address from the kernel. */
  static String text(MemorySegment name) {
    byte[] bytes = name.toArray(JAVA_BYTE);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    boolean ipv4 = bytes.length == INET_BYTES;
    if (!ipv4 && bytes.length != INET6_BYTES) {
      return "";
    }
    byte[] host = new byte[ipv4 ? 4 : 16];
    buffer.get(ipv4 ? 4 : INET6_AT, host);
    int port = buffer.getShort(2) & 0xFFFF;
    try {
      String numbers = InetAddress.getByAddress(host).getHostAddress();
      return (ipv4 ? numbers : "[" + Ipv6Text.of(host) + "]") + ":" + port;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether an address from the kernel is one of the internet protocols. */
  static boolean isInternet(MemorySegment name) {
    short family = name.byteSize() < 2 ? 0 : name.get(JAVA_SHORT, 0);
    return family == AF_INET || family == AF_INET6;
  }
}
