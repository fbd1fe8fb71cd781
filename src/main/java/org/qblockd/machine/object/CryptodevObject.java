// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.QmpException;

/** A back end of a guest's cryptography devices, of which there are none. Control lane. */
final class CryptodevObject extends UserObject {
  private final boolean builtin;
  private long queues = 1;
  private long throttleBytes;
  private long throttleOperations;

  CryptodevObject(String type, boolean builtin) {
    super(type);
    this.builtin = builtin;
    addClass(
        QomProperty.number(
            "queues",
            "uint32",
            () -> queues,
            (in, name) -> {
              long value = in.unsigned(name, Integer.SIZE);
              if (value == 0) {
                throw QmpException.generic(
                    "Property '" + type + "." + name + "' doesn't take value '0'");
              }
              queues = value;
            }),
        new QomProperty(
            "throttle-bps",
            "uint64",
            () -> AnyValue.unsigned(throttleBytes),
            (in, name) -> throttleBytes = in.unsigned(name)),
        new QomProperty(
            "throttle-ops",
            "uint64",
            () -> AnyValue.unsigned(throttleOperations),
            (in, name) -> throttleOperations = in.unsigned(name)));
  }

  @Override
  protected void complete() throws QmpException {
    if (builtin && queues != 1) {
      throw QmpException.generic("Only support one queue in cryptdov-builtin backend");
    }
  }
}
