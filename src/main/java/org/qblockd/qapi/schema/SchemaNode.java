// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the schema language is written in: objects, lists, strings and booleans. Immutable. */
public sealed interface SchemaNode {

  /** Where the value starts. */
  Source source();

  /** An object; members keep their order. */
  record Obj(Source source, Map<String, SchemaNode> members) implements SchemaNode {

    /** The member with this name. */
    public Optional<SchemaNode> get(String name) {
      return Optional.ofNullable(members.get(name));
    }
  }

  /** A list. */
  record Arr(Source source, List<SchemaNode> items) implements SchemaNode {}

  /** A string. */
  record Str(Source source, String value) implements SchemaNode {}

  /** true or false. */
  record Bool(Source source, boolean value) implements SchemaNode {}

  /** This value as an object. */
  default Obj asObject(String what) throws SchemaException {
    if (this instanceof Obj object) {
      return object;
    }
    throw new SchemaException(source(), what + " must be an object");
  }

  /** This value as a list. */
  default Arr asList(String what) throws SchemaException {
    if (this instanceof Arr list) {
      return list;
    }
    throw new SchemaException(source(), what + " must be a list");
  }

  /** This value as a string. */
  default String asString(String what) throws SchemaException {
    if (this instanceof Str string) {
      return string.value();
    }
    throw new SchemaException(source(), what + " must be a string");
  }

  /** This value as a boolean. */
  default boolean asBool(String what) throws SchemaException {
    if (this instanceof Bool bool) {
      return bool.value();
    }
    throw new SchemaException(source(), what + " must be true or false");
  }
}
