// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.qblockd.qapi.Introspection;
import org.qblockd.qapi.commands.CommandTable;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * query-qmp-schema must be structurally equal to that of the real QEMU for all commands and events
 * that are served. Only values of enumerations and branches of unions may be missing, and each of
 * them must be in the list of docs/qmp-compat.md.
 */
class IntrospectionIT {
  private static final Path LIST = Path.of("docs/qmp-compat.md");
  private static final String FENCE = "```not-served";
  private static final String MORE = "```more-than-qemu";

  private static @Nullable JsonValue reference;
  private static List<String> referenceCommands = List.of();

  @BeforeAll
  static void askTheReference() throws IOException {
    assumeTrue(RealQemu.installed(), RealQemu.PROGRAM + " is not installed");
    try (RealQemu qemu = RealQemu.start()) {
      reference = qemu.execute("query-qmp-schema", "{}").get("return");
      JsonValue commands = qemu.execute("query-commands", "{}").get("return");
      List<String> names = new ArrayList<>();
      for (JsonValue each : ((JsonArray) Objects.requireNonNull(commands)).items()) {
        names.add(text((JsonObject) each, "name"));
      }
      referenceCommands = names;
    }
  }

  @Test
  void equalsTheReferenceExceptForWhatIsListed() throws IOException {
    Comparison comparison =
        new Comparison(entries(Introspection.schema()), entries(Objects.requireNonNull(reference)));
    comparison.compareAll();
    assertThat(comparison.differences).isEmpty();
    assertThat(comparison.missing).containsExactlyInAnyOrderElementsOf(listed(FENCE));
    assertThat(comparison.extra).containsExactlyInAnyOrderElementsOf(listed(MORE));
  }

  @Test
  void listsCommandsInTheOrderOfTheReference() throws IOException {
    List<String> served = new ArrayList<>(referenceCommands);
    served.retainAll(CommandTable.names());
    List<String> common = new ArrayList<>(CommandTable.names());
    common.removeAll(listed(MORE));
    assertThat(common).isEqualTo(served);
  }

  @Test
  void listsCommandsAndEventsInTheOrderOfTheReference() throws IOException {
    List<String> ours = roots(Introspection.schema());
    ours.removeAll(listed(MORE));
    List<String> theirs = roots(Objects.requireNonNull(reference));
    theirs.retainAll(ours);
    assertThat(ours).isEqualTo(theirs);
  }

  private static List<String> roots(JsonValue schema) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonObject> entry : entries(schema).entrySet()) {
      String metaType = text(entry.getValue(), "meta-type");
      if (metaType.equals("command") || metaType.equals("event")) {
        names.add(entry.getKey());
      }
    }
    return names;
  }

  /** Commands, and members as {@code command.member}, that the reference has not. */
  static List<String> moreThanQemu() throws IOException {
    return listed(MORE);
  }

  private static List<String> listed(String fence) throws IOException {
    String base = System.getProperty("qblockd.basedir", ".");
    List<String> lines = Files.readAllLines(Path.of(base).resolve(LIST));
    int start = lines.indexOf(fence);
    assertThat(start).as("a block %s in %s", fence, LIST).isNotNegative();
    List<String> rest = lines.subList(start + 1, lines.size());
    return rest.subList(0, rest.indexOf("```"));
  }

  private static Map<String, JsonObject> entries(JsonValue schema) {
    Map<String, JsonObject> entries = new LinkedHashMap<>();
    for (JsonValue each : ((JsonArray) schema).items()) {
      entries.put(text((JsonObject) each, "name"), (JsonObject) each);
    }
    return entries;
  }

  private static String text(JsonObject object, String member) {
    return object.get(member) instanceof JsonString string ? string.value() : "";
  }

  private static List<JsonValue> list(JsonObject object, String member) {
    return object.get(member) instanceof JsonArray array ? array.items() : List.of();
  }

  /** Walks both schemas from the commands and events that we have. */
  private static final class Comparison {
    private final Map<String, JsonObject> ours;
    private final Map<String, JsonObject> theirs;
    private final Set<String> seen = new HashSet<>();
    final List<String> differences = new ArrayList<>();
    final Set<String> missing = new LinkedHashSet<>();

    /** Commands that the reference has not, and members of what it has. */
    final Set<String> extra = new LinkedHashSet<>();

    Comparison(Map<String, JsonObject> ours, Map<String, JsonObject> theirs) {
      this.ours = ours;
      this.theirs = theirs;
    }

    void compareAll() {
      for (JsonObject entry : ours.values()) {
        String metaType = text(entry, "meta-type");
        if (metaType.equals("command") || metaType.equals("event")) {
          root(text(entry, "name"), entry);
        }
      }
    }

    private void root(String name, JsonObject our) {
      JsonObject their = theirs.get(name);
      if (their == null) {
        extra.add(name);
        return;
      }
      same(name, our, their, "meta-type", "features", "allow-oob");
      type(name, text(our, "arg-type"), text(their, "arg-type"));
      if (our.get("ret-type") != null) {
        type(name + " returns", text(our, "ret-type"), text(their, "ret-type"));
      }
    }

    private void same(String path, JsonObject our, JsonObject their, String... members) {
      for (String member : members) {
        if (!Objects.equals(our.get(member), their.get(member))) {
          differences.add(
              path + ": " + member + " is " + our.get(member) + ", not " + their.get(member));
        }
      }
    }

    private void type(String path, String ourName, String theirName) {
      if (!seen.add(ourName + "/" + theirName)) {
        return;
      }
      JsonObject our = Objects.requireNonNull(ours.get(ourName));
      JsonObject their = Objects.requireNonNull(theirs.get(theirName));
      same(path, our, their, "meta-type", "features", "json-type", "tag");
      switch (text(our, "meta-type")) {
        case "array" -> type(path + "[]", text(our, "element-type"), text(their, "element-type"));
        case "enum" -> enumeration(path, our, their);
        case "alternate" -> alternate(path, our, their);
        case "object" -> {
          members(path, our, their);
          variants(path, our, their);
        }
        default -> {}
      }
    }

    private void enumeration(String path, JsonObject our, JsonObject their) {
      List<JsonValue> served = new ArrayList<>();
      for (JsonValue value : list(their, "members")) {
        if (list(our, "members").contains(value)) {
          served.add(value);
        } else {
          missing.add(path + " = " + text((JsonObject) value, "name"));
        }
      }
      if (!served.equals(list(our, "members"))) {
        differences.add(path + ": values " + list(our, "members") + ", not in order " + served);
      }
      int count = list(our, "values").size();
      if (count != served.size()) {
        differences.add(path + ": 'values' and 'members' differ");
      }
    }

    private void alternate(String path, JsonObject our, JsonObject their) {
      List<JsonValue> ourTypes = list(our, "members");
      List<JsonValue> theirTypes = list(their, "members");
      if (ourTypes.size() != theirTypes.size()) {
        differences.add(path + ": number of alternatives");
        return;
      }
      for (int i = 0; i < ourTypes.size(); i++) {
        type(
            path + "|" + i,
            text((JsonObject) ourTypes.get(i), "type"),
            text((JsonObject) theirTypes.get(i), "type"));
      }
    }

    private void members(String path, JsonObject our, JsonObject their) {
      List<JsonValue> theirMembers = list(their, "members");
      List<JsonValue> ourMembers = common(path, list(our, "members"), theirMembers);
      if (ourMembers.size() != theirMembers.size()) {
        differences.add(path + ": members " + ourMembers + ", not " + theirMembers);
        return;
      }
      for (int i = 0; i < ourMembers.size(); i++) {
        JsonObject ourMember = (JsonObject) ourMembers.get(i);
        JsonObject theirMember = (JsonObject) theirMembers.get(i);
        String name = path + "." + text(ourMember, "name");
        same(name, ourMember, theirMember, "name", "default", "features");
        type(name, text(ourMember, "type"), text(theirMember, "type"));
      }
    }

    /** Ours without those of a command that the reference has not. */
    private List<JsonValue> common(String path, List<JsonValue> our, List<JsonValue> their) {
      List<String> known = new ArrayList<>();
      for (JsonValue member : their) {
        known.add(text((JsonObject) member, "name"));
      }
      List<JsonValue> common = new ArrayList<>();
      for (JsonValue member : our) {
        String name = text((JsonObject) member, "name");
        if (known.contains(name)) {
          common.add(member);
        } else {
          extra.add(path + "." + name);
        }
      }
      return common;
    }

    private void variants(String path, JsonObject our, JsonObject their) {
      Map<String, String> served = new LinkedHashMap<>();
      for (JsonValue each : list(our, "variants")) {
        served.put(text((JsonObject) each, "case"), text((JsonObject) each, "type"));
      }
      for (JsonValue each : list(their, "variants")) {
        String name = text((JsonObject) each, "case");
        String type = served.remove(name);
        if (type != null) {
          type(path + "(" + name + ")", type, text((JsonObject) each, "type"));
        }
      }
      if (!served.isEmpty()) {
        differences.add(path + ": branches " + served.keySet() + " are not in the reference");
      }
    }
  }
}
