// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.net;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.net.SocketForms.Ipv4;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.NetText;
import org.qblockd.qapi.types.NetdevUserOptions;

/** The addresses of a back end of the type {@code user}. Stateless; any thread. */
final class UserNetwork {
  private static final int DEFAULT_NET = 0x0a000200;
  private static final int DEFAULT_MASK = 0xffffff00;
  private static final int HOST = 2;
  private static final int DNS = 3;
  private static final int DHCP = 15;
  private static final int SHORTEST_PREFIX = 4;
  private static final int MAX_PORT = 65_535;

  private UserNetwork() {}

  /** Checks the options; returns what the human monitor shows. */
  static String info(NetdevUserOptions options) throws QmpException {
    checkVersions(options);
    int[] net = {DEFAULT_NET, DEFAULT_MASK};
    String text = options.net().or(options::ip).orElse(null);
    if (text != null) {
      net = network(text);
    }
    int mask = net[1];
    int base = net[0] & mask;
    int host = address(options.host(), "host", base | HOST);
    if ((host & mask) != base) {
      throw QmpException.generic("Host doesn't belong to network");
    }
    int dhcp = address(options.dhcpstart(), "DHCP start address", base | DHCP);
    if ((dhcp & mask) != base) {
      throw QmpException.generic("DHCP doesn't belong to network");
    }
    int dns = address(options.dns(), "DNS", base | DNS);
    if (dhcp == host || dhcp == dns) {
      throw QmpException.generic("DHCP must be different from host and DNS");
    }
    if (dns == host) {
      throw QmpException.generic("DNS must be different from host");
    }
    if (options.smb().isPresent()) {
      throw QmpException.generic("Could not find '/usr/sbin/smbd', please install it");
    }
    for (NetText rule : options.hostfwd().orElse(List.of())) {
      checkForward(rule.str());
    }
    for (NetText rule : options.guestfwd().orElse(List.of())) {
      if (!rule.str().startsWith("tcp:")) {
        throw QmpException.generic("Invalid guest forwarding rule '" + rule.str() + "'");
      }
    }
    return "net="
        + Ipv4.text(base)
        + ",restrict="
        + (options.restrict().orElse(false) ? "on" : "off");
  }

  private static void checkVersions(NetdevUserOptions options) throws QmpException {
    boolean four = options.ipv4().orElse(options.ipv6().map(six -> !six).orElse(true));
    boolean six = options.ipv6().orElse(options.ipv4().map(on -> !on).orElse(true));
    if (!options.ipv4().orElse(true) && !options.ipv6().orElse(true)) {
      throw QmpException.generic("IPv4 and IPv6 disabled");
    }
    boolean fours =
        options.net().isPresent() || options.host().isPresent() || options.dns().isPresent();
    if (!four && fours) {
      throw QmpException.generic("IPv4 disabled but netmask/host/dns provided");
    }
    boolean sixes =
        options.ipv6Prefix().isPresent()
            || options.ipv6Host().isPresent()
            || options.ipv6Dns().isPresent();
    if (!six && sixes) {
      throw QmpException.generic("IPv6 disabled but prefix/host6/dns6 provided");
    }
    if (options.ipv6Prefix().isPresent() && !options.ipv6Prefix().get().contains(":")) {
      throw QmpException.generic("Failed to parse IPv6 prefix");
    }
  }

  /** Address and mask of {@code ADDRESS}, {@code ADDRESS/BITS} or {@code ADDRESS/MASK}. */
  private static int[] network(String text) throws QmpException {
    int slash = text.indexOf('/');
    Integer address = Ipv4.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw QmpException.generic("Failed to parse netmask");
    }
    if (slash < 0) {
      return new int[] {address, usualMask(address)};
    }
    String mask = text.substring(slash + 1);
    Integer spelled = Ipv4.parse(mask);
    if (spelled != null) {
      return new int[] {address, spelled};
    }
    if (!mask.matches("[0-9]{1,4}")) {
      throw QmpException.generic("Failed to parse netmask (trailing chars)");
    }
    int bits = Integer.parseInt(mask);
    if (bits < SHORTEST_PREFIX || bits > Integer.SIZE) {
      throw QmpException.generic("Invalid netmask provided (must be in range 4-32)");
    }
    return new int[] {address, -1 << Integer.SIZE - bits};
  }

  /** The mask of the classes of networks of old, and of the private ones. */
  private static int usualMask(int address) {
    if (address >= 0) {
      return 0xff000000;
    }
    if ((address & 0xfff00000) == 0xac100000) {
      return 0xfff00000;
    }
    if ((address & 0xc0000000) == 0x80000000 || (address & 0xffff0000) == 0xc0a80000) {
      return 0xffff0000;
    }
    return (address & 0xffff0000) == 0xc6120000 ? 0xfffe0000 : DEFAULT_MASK;
  }

  private static int address(Optional<String> text, String what, int otherwise)
      throws QmpException {
    if (text.isEmpty()) {
      return otherwise;
    }
    Integer address = Ipv4.parse(text.get());
    if (address == null) {
      throw QmpException.generic("Failed to parse " + what);
    }
    return address;
  }

  /** {@code [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport}. */
  private static void checkForward(String rule) throws QmpException {
    String wrong = forwardFault(rule);
    if (wrong != null) {
      throw QmpException.generic("Invalid host forwarding rule '" + rule + "' (" + wrong + ")");
    }
  }

  private static @Nullable String forwardFault(String rule) {
    if (rule.indexOf(':') < 0) {
      return "No : separators";
    }
    String[] parts = rule.split(":", 3);
    if (!List.of("", "tcp", "udp").contains(parts[0])) {
      return "Bad protocol name";
    }
    if (parts.length < 3) {
      return "Missing : separator";
    }
    if (!parts[1].isEmpty() && Ipv4.parse(parts[1]) == null) {
      return "Bad host address";
    }
    int dash = parts[2].indexOf('-');
    if (!isPort(dash < 0 ? parts[2] : parts[2].substring(0, dash), 0)) {
      return "Bad host port";
    }
    String guest = parts[2].substring(dash + 1);
    int colon = guest.indexOf(':');
    if (colon < 0) {
      return "Missing guest port";
    }
    String address = guest.substring(0, colon);
    if (!address.isEmpty() && Ipv4.parse(address) == null) {
      return "Bad guest address";
    }
    return isPort(guest.substring(colon + 1), 1) ? null : "Bad guest port";
  }

  private static boolean isPort(String text, int least) {
    return text.matches("[0-9]{1,5}")
        && Integer.parseInt(text) >= least
        && Integer.parseInt(text) <= MAX_PORT;
  }
}
