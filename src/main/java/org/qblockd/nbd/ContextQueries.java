// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metadata contexts that a client asks for. Immutable; any thread.
 *
 * @param count how many the client has announced
 * @param names those that any context of ours could match
 */
record ContextQueries(int count, List<String> names) {
  private static final List<String> ALL = List.of("base:", "qemu:");

  /** The queries behind an export's name, or null when their lengths do not agree. */
  static @Nullable ContextQueries parse(ByteBuffer data) {
    if (data.remaining() < 4) {
      return null;
    }
    int count = data.getInt();
    List<String> names = new ArrayList<>();
    for (int i = 0; i != count; i++) {
      int length = data.remaining() < 4 ? -1 : data.getInt();
      if (length < 0 || length > data.remaining()) {
        return null;
      }
      byte[] name = new byte[length];
      data.get(name);
      if (length <= Nbd.MAX_STRING) {
        names.add(new String(name, UTF_8));
      }
    }
    return new ContextQueries(count, names);
  }

  /** The numbers of the export's contexts that are meant; no query at all lists every one. */
  List<Integer> choose(OfferedExport export, boolean listing) {
    List<String> queries = count == 0 && listing ? ALL : names;
    List<Integer> chosen = new ArrayList<>();
    for (int id = 0; id < export.contexts().size(); id++) {
      String context = export.contexts().get(id);
      if (queries.stream().anyMatch(query -> OfferedExport.matches(query, context, listing))) {
        chosen.add(id);
      }
    }
    return chosen;
  }
}
