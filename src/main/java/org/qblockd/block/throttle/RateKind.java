// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

/** What a limit is about. */
public enum RateKind {
  BPS_TOTAL,
  BPS_READ,
  BPS_WRITE,
  IOPS_TOTAL,
  IOPS_READ,
  IOPS_WRITE
}
