// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import org.qblockd.qapi.json.JsonValue;

/** A value of a generated type. Immutable; any thread. */
public interface QapiValue {
  /** The value as JSON. */
  JsonValue toJson();
}
