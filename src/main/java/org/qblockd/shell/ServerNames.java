// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qblockd.client.QmpClient;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** Names of nodes and jobs, asked for when they are needed. Any thread. */
record ServerNames(QmpClient client) implements Completions.Names {
  private static final JsonObject FLAT = new JsonObject(Map.of("flat", new JsonBool(true)));

  @Override
  public List<String> nodes() {
    List<String> names = new ArrayList<>(names("query-named-block-nodes", FLAT, "node-name"));
    names.addAll(names("query-block", JsonObject.EMPTY, "device"));
    return names;
  }

  @Override
  public List<String> jobs() {
    return names("query-jobs", JsonObject.EMPTY, "id");
  }

  private List<String> names(String command, JsonObject arguments, String member) {
    try {
      return JsonMembers.objects(client.execute(command, arguments)).stream()
          .map(each -> JsonMembers.text(each, member))
          .filter(name -> !name.isEmpty())
          .toList();
    } catch (QmpException | IOException none) {
      // No candidates: completion says nothing.
      return List.of();
    }
  }
}
