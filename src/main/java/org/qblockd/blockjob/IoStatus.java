// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

/** Whether a job met an I/O error that stopped it. Names: QAPI enum BlockDeviceIoStatus. */
public enum IoStatus {
  OK,
  FAILED,
  NOSPACE
}
