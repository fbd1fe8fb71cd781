// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.function.Consumer;
import org.qblockd.base.Clock;
import org.qblockd.base.YankInstances;

/**
 * What character devices need of the server around them. Any thread.
 *
 * @param reports gets warnings and errors for the user, without the program's name
 * @param announcements gets what is told on standard output, as where a pseudo terminal is
 * @param clock for the times before a multiplexer's lines
 * @param keys what keys of a multiplexer do to the server
 * @param yanks knows the connections that may be cut
 */
public record DeviceHost(
    Consumer<String> reports,
    Consumer<String> announcements,
    Clock clock,
    MuxKeys keys,
    YankInstances yanks) {}
