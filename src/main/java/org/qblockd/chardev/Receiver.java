// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.List;

/**
 * One conversation of a {@link FrontEnd} with the other side of its character device. {@link
 * #begin}, {@link #receive}, {@link #offerDescriptors}, {@link #endOfInput} and {@link #detach} are
 * called by the thread that reads the device; {@link #writable} by any thread.
 */
public interface Receiver {

  /** The server serves: bytes may come from now on. Called once, before all others. */
  default void begin() {}

  /**
   * Takes bytes of the other side.
   *
   * @return the index of the first byte not taken; when less than {@code to}, the receiver calls
   *     {@link Connection#resume} once it wants the rest
   */
  int receive(byte[] bytes, int from, int to);

  /** Descriptors that came with the bytes that {@link #receive} is given next; now its own. */
  void offerDescriptors(List<Integer> received);

  /** The other side sends no more, but may still read. */
  void endOfInput();

  /** The other side reads on; returns whether everything that waited for it is written. */
  boolean writable();

  /** The connection is gone and must not be used after this. */
  void detach();

  /**
   * On a multiplexer: whether what is typed comes here from now on. A front end hears first that it
   * has lost the other side's attention, then the next one that it has got it.
   */
  default void focus(boolean gained) {}
}
