// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What query-chardev says of a connected socket. Stateless; any thread. */
final class SocketNames {
  private SocketNames() {}

  static String describe(int client, SocketOptions options) {
    HostCalls calls = new HostCalls();
    String role = options.server() ? ",server=on" : "";
    MemorySegment here = calls.name(client, false);
    MemorySegment there = calls.name(client, true);
    if (HostAddress.isInternet(here)) {
      return options.scheme()
          + ":"
          + HostAddress.text(here)
          + role
          + " <-> "
          + HostAddress.text(there);
    }
    return "unix:" + path(options.server() ? here : there) + role;
  }

  /** The path of a unix socket's name; names outside the file system are not shown. */
  private static String path(MemorySegment name) {
    byte[] bytes = name.toArray(ValueLayout.JAVA_BYTE);
    int end = 2;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return end <= 2 ? "" : new String(bytes, 2, end - 2, UTF_8);
  }
}
