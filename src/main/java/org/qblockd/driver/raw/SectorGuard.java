// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Keeps a guest from writing another format's header into an image whose format was guessed: at the
 * next start it would be guessed differently, and the header could name any file of the host. Any
 * thread.
 */
final class SectorGuard {
  /** Lets everything pass. */
  static final SectorGuard NONE = new SectorGuard(head -> "raw");

  /** What is looked at when a format is guessed, in bytes. */
  static final int BYTES = 512;

  private final Function<ByteBuffer, String> probe;

  SectorGuard(Function<ByteBuffer, String> probe) {
    this.probe = probe;
  }

  boolean active() {
    return this != NONE;
  }

  /** Refuses a write at {@code offset} that would make the image look like another format. */
  void check(long offset, ByteBuffer from) throws BlockException {
    if (!active() || offset >= BYTES || !from.hasRemaining()) {
      return;
    }
    ByteBuffer head = ByteBuffer.allocate(BYTES);
    head.put(from.slice(from.position(), Math.min(BYTES, from.remaining())));
    if (!probe.apply(head.clear()).equals("raw")) {
      throw BlockException.io(Errno.EPERM);
    }
  }
}
