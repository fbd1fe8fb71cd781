// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** A value of a generated struct or union. Immutable; any thread. */
public interface QapiObject extends QapiValue {

  /** Adds the members that are present to {@code out}, in the order of the schema. */
  void encodeMembers(Map<String, JsonValue> out);

  @Override
  default JsonObject toJson() {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    encodeMembers(members);
    return new JsonObject(members);
  }
}
