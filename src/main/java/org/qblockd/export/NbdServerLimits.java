// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

/**
 * How much the NBD server grants its clients.
 *
 * @param maxConnections connections at a time, 0 for any number
 * @param handshakeNanos how long a handshake may take, 0 for any time
 */
public record NbdServerLimits(int maxConnections, long handshakeNanos) {}
