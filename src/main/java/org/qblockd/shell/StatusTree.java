// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.client.QmpClient;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** Prints the node graph as a tree, then jobs and exports. One thread. */
final class StatusTree {
  private record Edge(String name, long child) {}

  private final QmpClient client;
  private final Map<Long, JsonObject> vertices = new LinkedHashMap<>();
  private final Map<Long, List<Edge>> edges = new LinkedHashMap<>();
  private final Map<String, JsonObject> nodes = new LinkedHashMap<>();

  StatusTree(QmpClient client) {
    this.client = client;
  }

  boolean print(Consumer<String> out) throws IOException, QmpException {
    out.accept(head());
    JsonObject flat = new JsonObject(Map.of("flat", new JsonBool(true)));
    for (JsonObject node : JsonMembers.objects(client.execute("query-named-block-nodes", flat))) {
      nodes.put(JsonMembers.text(node, "node-name"), node);
    }
    Set<Long> roots = readGraph();
    for (long root : roots) {
      tree(out, root, "", "", new HashSet<>());
    }
    jobs(out);
    exports(out);
    return true;
  }

  private String head() throws IOException, QmpException {
    JsonValue version =
        client.greeting().get("QMP") instanceof JsonObject qmp ? qmp.get("version") : null;
    String number = "";
    if (version instanceof JsonObject object && object.get("qemu") instanceof JsonObject qemu) {
      number = number(qemu, "major") + "." + number(qemu, "minor") + "." + number(qemu, "micro");
    }
    String state = "";
    try {
      JsonValue status = client.execute("query-status");
      state = status instanceof JsonObject object ? ", " + JsonMembers.text(object, "status") : "";
    } catch (QmpException none) {
      // The storage daemon has no run state.
      state = "";
    }
    String name = client.serverPackage();
    return "QEMU " + number + (name.isEmpty() ? "" : " (" + name + ")") + state;
  }

  private Set<Long> readGraph() throws IOException, QmpException {
    JsonValue reply = client.execute("x-debug-query-block-graph");
    JsonObject graph = reply instanceof JsonObject object ? object : JsonObject.EMPTY;
    Set<Long> roots = new java.util.LinkedHashSet<>();
    for (JsonObject vertex : JsonMembers.objects(graph.get("nodes"))) {
      vertices.put(number(vertex, "id"), vertex);
      roots.add(number(vertex, "id"));
    }
    for (JsonObject edge : JsonMembers.objects(graph.get("edges"))) {
      Edge to = new Edge(JsonMembers.text(edge, "name"), number(edge, "child"));
      edges.computeIfAbsent(number(edge, "parent"), id -> new ArrayList<>()).add(to);
      roots.remove(to.child);
    }
    return roots;
  }

  private void tree(Consumer<String> out, long id, String first, String rest, Set<Long> above) {
    JsonObject vertex = vertices.getOrDefault(id, JsonObject.EMPTY);
    out.accept(first + describe(vertex));
    if (!above.add(id)) {
      return;
    }
    List<Edge> below = edges.getOrDefault(id, List.of());
    for (int i = 0; i < below.size(); i++) {
      boolean last = i == below.size() - 1;
      Edge edge = below.get(i);
      tree(
          out,
          edge.child,
          rest + (last ? "└─ " : "├─ ") + edge.name + ": ",
          rest + (last ? "   " : "│  "),
          above);
    }
    above.remove(id);
  }

  private String describe(JsonObject vertex) {
    String name = JsonMembers.text(vertex, "name");
    String type = JsonMembers.text(vertex, "type");
    if (!type.equals("block-driver")) {
      return type.substring(type.indexOf('-') + 1) + " " + (name.isEmpty() ? "(no name)" : name);
    }
    JsonObject node = nodes.get(name);
    if (node == null) {
      return name;
    }
    StringBuilder text = new StringBuilder(name).append("  ").append(JsonMembers.text(node, "drv"));
    if (node.get("image") instanceof JsonObject image) {
      text.append("  ").append(Sizes.of(number(image, "virtual-size")));
    }
    text.append(node.get("ro") instanceof JsonBool ro && ro.value() ? "  ro" : "  rw");
    String file = JsonMembers.text(node, "file");
    if (!file.startsWith("json:")) {
      text.append("  ").append(file);
    }
    for (JsonObject bitmap : JsonMembers.objects(node.get("dirty-bitmaps"))) {
      text.append("  ").append(bitmap(bitmap));
    }
    return text.toString();
  }

  private static String bitmap(JsonObject bitmap) {
    StringBuilder text = new StringBuilder("{");
    text.append(bitmap.get("name") instanceof JsonString name ? name.value() : "no name");
    text.append(' ').append(Sizes.of(number(bitmap, "count"))).append(" dirty");
    for (String flag : List.of("busy", "persistent", "inconsistent")) {
      text.append(bitmap.get(flag) instanceof JsonBool set && set.value() ? " " + flag : "");
    }
    return text.append('}').toString();
  }

  private void jobs(Consumer<String> out) throws IOException, QmpException {
    List<JsonObject> jobs = JsonMembers.objects(client.execute("query-jobs"));
    out.accept(jobs.isEmpty() ? "no jobs" : "jobs:");
    for (JsonObject job : jobs) {
      out.accept(
          "  "
              + JsonMembers.text(job, "type")
              + " "
              + JobFollower.describe(job, JsonMembers.text(job, "status")));
    }
  }

  private void exports(Consumer<String> out) throws IOException {
    List<JsonObject> exports;
    try {
      exports = JsonMembers.objects(client.execute("query-block-exports"));
    } catch (QmpException none) {
      // An old server.
      return;
    }
    for (JsonObject each : exports) {
      out.accept(
          "export "
              + JsonMembers.text(each, "id")
              + "  "
              + JsonMembers.text(each, "type")
              + "  "
              + JsonMembers.text(each, "node-name"));
    }
  }

  private static long number(@Nullable JsonObject object, String member) {
    return object != null && object.get(member) instanceof JsonInteger number ? number.value() : 0;
  }
}
