// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.qblockd.base.BlockException;

/**
 * Where a monitor's clients come from. The main thread opens, starts and closes; clients are served
 * on threads of the transport.
 */
public interface Transport extends AutoCloseable {

  /**
   * Binds or connects, and waits for the first client where that is asked for. Nothing is read or
   * sent yet.
   *
   * @throws BlockException with the sentence QEMU prints for the option
   */
  void open() throws BlockException;

  /** Begins to serve clients. Called once, after {@link #open}. */
  void start();

  /** Drops the client, listens no more and removes the socket's file. */
  @Override
  void close();
}
