// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/**
 * The bytes of one client, seen from its session. Transports implement it; any thread may call it,
 * and no method blocks.
 */
public interface Connection {

  /**
   * Passes bytes on to the client.
   *
   * @return how many were taken. When fewer than all, the transport calls {@link Receiver#writable}
   *     once the client reads on. Bytes for a client that has gone count as taken.
   */
  int write(byte[] bytes, int from, int to);

  /** The session has room again after {@link Receiver#receive} left bytes unread. */
  void resume();

  /** Drops the client; the transport then calls {@link Receiver#detach}. */
  void close();

  /** Closes a descriptor that came with a message and that no command took. */
  void closeDescriptor(int descriptor);

  /**
   * Whether the thread that calls {@link Receiver#receive} may be kept busy by a command. False for
   * an event loop.
   */
  boolean mayRunCommands();
}
