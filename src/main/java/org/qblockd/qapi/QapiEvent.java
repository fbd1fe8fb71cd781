// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

/** A generated event: its members are those of {@code data}. Immutable; any thread. */
public interface QapiEvent extends QapiObject {
  /** The name on the wire, as {@code JOB_STATUS_CHANGE}. */
  String eventName();
}
