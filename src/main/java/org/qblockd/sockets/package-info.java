// SPDX-License-Identifier: Apache-2.0
/** What the JDK's channels cannot do with sockets by themselves: names and descriptors. */
@NullMarked
package org.qblockd.sockets;

import org.jspecify.annotations.NullMarked;
