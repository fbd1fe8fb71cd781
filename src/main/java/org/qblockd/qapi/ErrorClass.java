// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

/** Classes of errors in QMP replies. The wire names are part of the protocol. Any thread. */
public enum ErrorClass {
  GENERIC_ERROR("GenericError"),
  COMMAND_NOT_FOUND("CommandNotFound"),
  DEVICE_NOT_ACTIVE("DeviceNotActive"),
  DEVICE_NOT_FOUND("DeviceNotFound"),
  KVM_MISSING_CAP("KVMMissingCap");

  private final String wireName;

  ErrorClass(String wireName) {
    this.wireName = wireName;
  }

  /** The value of {@code class} in an error reply. */
  public String wireName() {
    return wireName;
  }
}
