// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.qblockd.chardev.CharDevices;
import org.qblockd.machine.net.NetBackends;

/** What filters of networks work on. */
public record NetParts(NetBackends backEnds, CharDevices charDevices) {}
