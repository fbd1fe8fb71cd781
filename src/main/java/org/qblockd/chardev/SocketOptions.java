// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.jspecify.annotations.Nullable;

/**
 * How a socket device behaves.
 *
 * @param server whether it listens
 * @param waits whether opening it waits for the first client
 * @param telnet what is spoken below the device's bytes, or null
 * @param scheme what texts about a TCP connection begin with
 * @param reconnectMillis the pause between attempts to connect; 0 for one attempt only
 */
record SocketOptions(
    boolean server,
    boolean waits,
    boolean noDelay,
    boolean keepAlive,
    @Nullable Telnet telnet,
    String scheme,
    long reconnectMillis) {}
