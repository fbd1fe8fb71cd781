// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

/** Whether a request reads or writes; each waits for the limits of its own and the total ones. */
public enum Direction {
  READ(RateKind.BPS_READ, RateKind.IOPS_READ),
  WRITE(RateKind.BPS_WRITE, RateKind.IOPS_WRITE);

  private final RateKind bytes;
  private final RateKind requests;

  Direction(RateKind bytes, RateKind requests) {
    this.bytes = bytes;
    this.requests = requests;
  }

  RateKind bytes() {
    return bytes;
  }

  RateKind requests() {
    return requests;
  }
}
