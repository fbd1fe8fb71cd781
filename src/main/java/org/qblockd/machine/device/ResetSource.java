// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

/** Who tells that the machine is reset. Control lane. */
public interface ResetSource {
  /** Adds what is done at each reset. */
  void onReset(Runnable action);
}
