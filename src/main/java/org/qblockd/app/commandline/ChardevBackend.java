// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/** What a character device talks to. Immutable; any thread. */
public sealed interface ChardevBackend {

  /** Standard input and output. */
  record Stdio() implements ChardevBackend {}

  /** Nobody. */
  record Null() implements ChardevBackend {}

  /**
   * A socket.
   *
   * @param server whether we listen
   * @param waits whether the start waits for the first client
   */
  record Socket(Address address, boolean server, boolean waits) implements ChardevBackend {
    private static final String[] UNSERVED = {"telnet", "tn3270", "websocket", "mux"};

    static Socket of(Parsed options) throws QmpException {
      boolean server = options.flag("server", false);
      boolean waits = options.flag("wait", true);
      Address address = address(options);
      if (!server && options.get("wait") != null) {
        throw QmpException.generic(
            "'wait' option is incompatible with socket in client connect mode");
      }
      checkReconnect(options, server);
      for (String name : UNSERVED) {
        if (options.flag(name, false)) {
          throw unserved(name);
        }
      }
      for (String name : new String[] {"tls-creds", "tls-authz", "logfile"}) {
        if (options.get(name) != null) {
          throw unserved(name);
        }
      }
      return new Socket(address, server, server && waits);
    }

    private static void checkReconnect(Parsed options, boolean server) throws QmpException {
      boolean seconds = options.get("reconnect") != null;
      boolean millis = options.get("reconnect-ms") != null;
      if (seconds && millis) {
        throw QmpException.generic("'reconnect' and 'reconnect-ms' are mutually exclusive");
      }
      for (String name : new String[] {"reconnect", "reconnect-ms"}) {
        String value = options.get(name);
        if (value == null) {
          continue;
        }
        if (server) {
          throw QmpException.generic(
              "'" + name + "' option is incompatible with socket in server listen mode");
        }
        if (!value.equals("0")) {
          throw unserved(name);
        }
      }
    }

    private static QmpException unserved(String name) {
      return QmpException.generic("chardev: socket: option '" + name + "' is not served");
    }

    private static Address address(Parsed options) throws QmpException {
      String path = options.get("path");
      String fd = options.get("fd");
      String host = options.get("host");
      String port = options.get("port");
      int given = (path == null ? 0 : 1) + (fd == null ? 0 : 1) + (host == null ? 0 : 1);
      if (given > 1) {
        throw QmpException.generic("None or one of 'path', 'fd' or 'host' option required.");
      }
      if (path != null) {
        return new Unix(path, options.flag("abstract", false), options.flag("tight", true));
      }
      if (host == null) {
        return new Descriptor(fd == null ? "" : fd);
      }
      if (port == null) {
        throw QmpException.generic("chardev: socket: no port given");
      }
      return new Tcp(host, port, options.get("to"));
    }
  }

  /** Where a socket is. */
  sealed interface Address {}

  /** A unix socket; {@code isAbstract}: in Linux' abstract namespace. */
  record Unix(String path, boolean isAbstract, boolean tight) implements Address {}

  /**
   * A TCP port.
   *
   * @param port a number or the name of a service
   * @param to the last port to try, or null
   */
  record Tcp(String host, String port, @Nullable String to) implements Address {}

  /** A descriptor that the parent left open. */
  record Descriptor(String text) implements Address {
    /** The descriptor's number. */
    public int number() throws QmpException {
      try {
        return Integer.parseUnsignedInt(text);
      } catch (NumberFormatException e) {
        throw QmpException.generic("Unable to parse FD number " + text);
      }
    }
  }
}
