// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.util.HashSet;
import java.util.Set;

/** Rules that a schema relaxes or tightens for itself. Confined to the thread that parses. */
final class Pragma {
  private boolean docRequired;
  private final Set<String> commandNames = new HashSet<>();
  private final Set<String> commandReturns = new HashSet<>();
  private final Set<String> documentation = new HashSet<>();
  private final Set<String> memberNames = new HashSet<>();

  /** Takes over a pragma directive. */
  void add(SchemaNode.Obj directive) throws SchemaException {
    if (directive.members().size() != 1) {
      throw new SchemaException(directive.source(), "invalid 'pragma' directive");
    }
    SchemaNode.Obj pragmas = directive.get("pragma").orElseThrow().asObject("value of 'pragma'");
    for (String name : pragmas.members().keySet()) {
      SchemaNode value = pragmas.members().get(name);
      switch (name) {
        case "doc-required" -> docRequired = value.asBool("pragma 'doc-required'");
        case "command-name-exceptions" -> addAll(commandNames, name, value);
        case "command-returns-exceptions" -> addAll(commandReturns, name, value);
        case "documentation-exceptions" -> addAll(documentation, name, value);
        case "member-name-exceptions" -> addAll(memberNames, name, value);
        default -> throw new SchemaException(value.source(), "unknown pragma '" + name + "'");
      }
    }
  }

  private static void addAll(Set<String> names, String pragma, SchemaNode value)
      throws SchemaException {
    for (SchemaNode item : value.asList("pragma '" + pragma + "'").items()) {
      names.add(item.asString("element of pragma '" + pragma + "'"));
    }
  }

  /** Whether this definition needs a documentation comment. */
  boolean needsDoc(String definition) {
    return docRequired && !documentation.contains(definition);
  }

  /** Whether a command may have an underscore in its name. */
  boolean commandNameMayBe(String command) {
    return commandNames.contains(command);
  }

  /** Whether a command may return something else than an object or a list of objects. */
  boolean commandReturnsAnything(String command) {
    return commandReturns.contains(command);
  }

  /** Whether members of this definition may have names with capitals and underscores. */
  boolean memberNamesMayBe(String definition) {
    return memberNames.contains(definition);
  }
}
