// SPDX-License-Identifier: Apache-2.0
/** How the bytes of QMP clients come and go: unix sockets, inherited descriptors, stdio, TCP. */
@NullMarked
package org.qblockd.monitor.transport;

import org.jspecify.annotations.NullMarked;
