// SPDX-License-Identifier: Apache-2.0
package org.qblockd.sockets;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * A host and a port as users give them, and the addresses that are meant. Immutable; any thread.
 *
 * @param ipv4 whether such addresses are wanted; null if that was not said
 * @param ipv6 the same
 * @param numeric whether names are refused
 */
public record InetNames(
    String host, String port, @Nullable Boolean ipv4, @Nullable Boolean ipv6, boolean numeric) {

  /**
   * All addresses, the best first.
   *
   * @param passive whether to listen on them: then all of the host's are meant when it is empty
   */
  public List<InetSocketAddress> resolve(boolean passive) throws BlockException {
    if (Boolean.FALSE.equals(ipv4) && Boolean.FALSE.equals(ipv6)) {
      throw BlockException.invalid("Cannot disable IPv4 and IPv6 at same time");
    }
    int number = number();
    List<InetSocketAddress> found = new ArrayList<>();
    for (InetAddress each : lookUp(passive)) {
      if (each instanceof Inet4Address ? allowsIpv4() : allowsIpv6()) {
        found.add(new InetSocketAddress(each, number));
      }
    }
    if (found.isEmpty()) {
      throw failure("Address family for hostname not supported");
    }
    return found;
  }

  private int number() throws BlockException {
    boolean digits = port.stripLeading().chars().allMatch(c -> c >= '0' && c <= '9');
    int number = Services.port(port);
    if (numeric && !digits) {
      throw failure("Name or service not known");
    }
    if (number < 0) {
      throw failure("Servname not supported for ai_socktype");
    }
    return number;
  }

  private boolean allowsIpv4() {
    return ipv4 != null ? ipv4 : !Boolean.TRUE.equals(ipv6);
  }

  private boolean allowsIpv6() {
    return ipv6 != null ? ipv6 : !Boolean.TRUE.equals(ipv4);
  }

  private List<InetAddress> lookUp(boolean passive) throws BlockException {
    boolean literal =
        host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    boolean bracketed = host.startsWith("[");
    if (bracketed || host.isEmpty() && !passive || numeric && !literal) {
      throw failure("Name or service not known");
    }
    try {
      if (host.isEmpty()) {
        // The JDK's sockets for the second kind serve the first kind, too.
        return List.of(
            InetAddress.getByAddress(new byte[16]), InetAddress.getByAddress(new byte[4]));
      }
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      throw failure("Name or service not known");
    }
  }

  private BlockException failure(String why) {
    return BlockException.invalid(
        "address resolution failed for " + host + ":" + port + ": " + why);
  }
}
