// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.util.Optional;

/** Types that a schema need not define, with the JSON type that introspection shows. */
public enum Builtin {
  STR("str", "string"),
  NUMBER("number", "number"),
  INT("int", "int"),
  INT8("int8", "int"),
  INT16("int16", "int"),
  INT32("int32", "int"),
  INT64("int64", "int"),
  UINT8("uint8", "int"),
  UINT16("uint16", "int"),
  UINT32("uint32", "int"),
  UINT64("uint64", "int"),
  SIZE("size", "int"),
  BOOL("bool", "boolean"),
  ANY("any", "value"),
  NULL("null", "null"),
  QTYPE("QType", "string");

  private final String wireName;
  private final String jsonType;

  Builtin(String wireName, String jsonType) {
    this.wireName = wireName;
    this.jsonType = jsonType;
  }

  /** The name in the schema language. */
  public String wireName() {
    return wireName;
  }

  /** The name in introspection: string, number, int, boolean, null or value. */
  public String jsonType() {
    return jsonType;
  }

  /** The builtin with this name. */
  public static Optional<Builtin> of(String name) {
    for (Builtin builtin : values()) {
      if (builtin.wireName.equals(name)) {
        return Optional.of(builtin);
      }
    }
    return Optional.empty();
  }
}
