// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.FdSocketAddress;
import org.qblockd.qapi.types.FileMigrationArgs;
import org.qblockd.qapi.types.InetSocketAddress;
import org.qblockd.qapi.types.MigrationAddress;
import org.qblockd.qapi.types.MigrationChannel;
import org.qblockd.qapi.types.MigrationChannelType;
import org.qblockd.qapi.types.MigrationExecCommand;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.qapi.types.UnixSocketAddress;
import org.qblockd.qapi.types.VsockSocketAddress;

/** Where a stream goes to or comes from, as commands and -incoming say it. Pure functions. */
public final class Addresses {
  private Addresses() {}

  /** The one address that a command names. */
  public static MigrationAddress of(@Nullable String uri, @Nullable List<MigrationChannel> channels)
      throws QmpException {
    boolean listed = channels != null && !channels.isEmpty();
    if ((uri != null) == listed) {
      throw QmpException.generic("need either 'uri' or 'channels' argument");
    }
    return uri == null ? ofChannels(channels) : ofUri(uri);
  }

  private static MigrationAddress ofChannels(@Nullable List<MigrationChannel> given)
      throws QmpException {
    List<MigrationChannel> channels = given == null ? List.of() : given;
    MigrationAddress main = null;
    boolean other = false;
    for (MigrationChannel channel : channels) {
      boolean isMain = channel.channelType() == MigrationChannelType.MAIN;
      if (isMain ? main != null : other) {
        throw QmpException.generic(
            "Channel list has more than one " + channel.channelType().wireName() + " entry");
      }
      main = isMain ? channel.addr() : main;
      other |= !isMain;
    }
    if (main == null) {
      throw QmpException.generic("Channel list has no main entry");
    }
    return main;
  }

  private static MigrationAddress ofUri(String uri) throws QmpException {
    int colon = uri.indexOf(':');
    String rest = uri.substring(colon + 1);
    String kind = colon < 0 ? "" : uri.substring(0, colon);
    return switch (kind) {
      case "exec" ->
          new MigrationAddress.Exec(new MigrationExecCommand(List.of("/bin/sh", "-c", rest)));
      case "rdma" -> new MigrationAddress.Rdma(inet(rest));
      case "tcp" -> new MigrationAddress.Socket(new SocketAddress.Inet(inet(rest)));
      case "unix" -> new MigrationAddress.Socket(new SocketAddress.Unix(unix(rest)));
      case "vsock" -> new MigrationAddress.Socket(new SocketAddress.Vsock(vsock(rest)));
      case "fd" -> new MigrationAddress.Socket(new SocketAddress.Fd(new FdSocketAddress(rest)));
      case "file" -> new MigrationAddress.File(file(rest));
      default -> throw QmpException.generic("unknown migration protocol: " + uri);
    };
  }

  private static UnixSocketAddress unix(String rest) throws QmpException {
    if (rest.isEmpty()) {
      throw QmpException.generic("invalid Unix socket address");
    }
    return new UnixSocketAddress(rest, Optional.empty(), Optional.empty());
  }

  private static VsockSocketAddress vsock(String rest) throws QmpException {
    int colon = rest.indexOf(':');
    if (colon <= 0 || colon == rest.length() - 1) {
      throw QmpException.generic("error parsing address '" + rest + "'");
    }
    return new VsockSocketAddress(rest.substring(0, colon), rest.substring(colon + 1));
  }

  private static FileMigrationArgs file(String rest) throws QmpException {
    int comma = rest.indexOf(",offset=");
    if (comma < 0) {
      return new FileMigrationArgs(rest, 0L);
    }
    String offset = rest.substring(comma + ",offset=".length());
    try {
      return new FileMigrationArgs(rest.substring(0, comma), Long.decode(offset));
    } catch (NumberFormatException e) {
      throw QmpException.generic("file URI has bad offset " + offset + ": Invalid argument");
    }
  }

  /** {@code host:port} with options behind commas, of which only the families count here. */
  private static InetSocketAddress inet(String rest) throws QmpException {
    int comma = rest.indexOf(',');
    String place = comma < 0 ? rest : rest.substring(0, comma);
    String options = comma < 0 ? "" : rest.substring(comma) + ",";
    int colon = place.startsWith("[") ? place.indexOf("]:") + 1 : place.lastIndexOf(':');
    if (colon <= 0 && !place.startsWith(":") || colon == place.length() - 1) {
      throw QmpException.generic("error parsing address '" + rest + "'");
    }
    String host = place.substring(0, colon);
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new InetSocketAddress(
        plain,
        place.substring(colon + 1),
        Optional.empty(),
        Optional.empty(),
        family(options, "ipv4"),
        family(options, "ipv6"),
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<Boolean> family(String options, String name) {
    if (options.contains("," + name + ",") || options.contains("," + name + "=on,")) {
      return Optional.of(true);
    }
    return options.contains("," + name + "=off,") ? Optional.of(false) : Optional.empty();
  }
}
