// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/** Whether an open image may be written; changes when the node is reopened. Read by any thread. */
final class AccessMode {
  private volatile boolean readOnly;

  AccessMode(boolean readOnly) {
    this.readOnly = readOnly;
  }

  boolean readOnly() {
    return readOnly;
  }

  void set(boolean newReadOnly) {
    readOnly = newReadOnly;
  }
}
