// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.List;
import java.util.function.Consumer;

/** What {@code help} says: the commands, or the members of one. One thread. */
final class HelpWords {
  private final SchemaView schema;
  private final Consumer<String> out;

  HelpWords(SchemaView schema, Consumer<String> out) {
    this.schema = schema;
    this.out = out;
  }

  boolean show(List<String> words) {
    if (words.isEmpty()) {
      out.accept("COMMAND [KEY=VALUE…], also a.b=…, a.0=…, a={JSON}, or one request in JSON");
      out.accept("hmp LINE, follow JOB, wait EVENT [KEY=VALUE…], status, help COMMAND, exit");
      out.accept("transaction( [completion-mode=grouped], then one action a line, then )");
      out.accept(String.join(" ", schema.names("command")));
      return true;
    }
    String type = schema.argumentType(words.getFirst());
    if (type == null) {
      out.accept("Error: '" + words.getFirst() + "' is not known");
      return false;
    }
    for (SchemaView.Member member : schema.members(type, null)) {
      List<String> values = schema.values(member.type());
      String kind = values.isEmpty() ? schema.kind(member.type()) : String.join("|", values);
      out.accept("  " + member.name() + (member.optional() ? "?" : "") + "  " + kind);
    }
    return true;
  }
}
