// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/** Where a socket device listens or what it connects to. Immutable but for its owner's calls. */
interface Endpoint {

  /** A listening socket. */
  int listen(SocketCalls calls) throws BlockException, QmpException;

  /** A connected socket. */
  int connect(SocketCalls calls) throws BlockException, QmpException;

  /** What query-chardev says of it while nothing is connected, without {@code server=on}. */
  String text(int listener);

  /** Removes what listening left in the file system. */
  default void remove() {}

  /** Whether it is TCP, with the options that only TCP has. */
  default boolean isTcp() {
    return false;
  }
}
