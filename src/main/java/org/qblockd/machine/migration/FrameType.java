// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import org.jspecify.annotations.Nullable;

/** The kinds of frames, with their numbers in the stream; see docs/migration-stream.md. */
enum FrameType {
  HELLO(1),
  WELCOME(2),
  REFUSED(3),
  RUN_STATE(4),
  BITMAP(5),
  BITMAP_RUNS(6),
  END(7),
  LOADED(8),
  GO(9),
  COLO_READY(16),
  CHECKPOINT_REQUEST(17),
  CHECKPOINT_REPLY(18),
  CHECKPOINT_STATE(19),
  CHECKPOINT_LOADED(20),
  PING(32),
  PONG(33);

  private final int number;

  FrameType(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  static @Nullable FrameType of(int number) {
    for (FrameType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }
}
