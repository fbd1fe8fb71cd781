// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.nio.ByteBuffer;

/**
 * What the source says first. Immutable; any thread.
 *
 * @param uuid the machine's UUID
 * @param colo whether checkpoints will follow
 */
record Hello(String uuid, boolean colo) {
  static Frame frame(Hello hello) {
    ByteBuffer payload = ByteBuffer.allocate(2 + Frame.MAX_TEXT + 4);
    Frame.putText(payload, hello.uuid);
    ByteBuffer unused = payload.putInt(hello.colo ? 1 : 0).flip();
    return new Frame(FrameType.HELLO, payload);
  }

  static Hello of(Frame frame) throws StreamException {
    String uuid = frame.text();
    return new Hello(uuid, (frame.number() & 1) != 0);
  }
}
