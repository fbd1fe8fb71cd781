// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonMembers;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** What a server's query-qmp-schema says, asked for by paths of members. Immutable; any thread. */
final class SchemaView {
  /** A member of an object. */
  record Member(String name, String type, boolean optional) {}

  /** The schema of a server that has none. */
  static final SchemaView EMPTY = new SchemaView(new JsonArray(List.of()));

  private final Map<String, JsonObject> entries = new LinkedHashMap<>();

  /** Reads the reply to query-qmp-schema. */
  SchemaView(JsonValue reply) {
    for (JsonObject entry : JsonMembers.objects(reply)) {
      // Masked type names are numbers, so they meet no command.
      entries.put(JsonMembers.text(entry, "name"), entry);
    }
  }

  /** Names of all commands, or of all events, in order. */
  List<String> names(String metaType) {
    TreeSet<String> names = new TreeSet<>();
    for (JsonObject entry : entries.values()) {
      if (JsonMembers.text(entry, "meta-type").equals(metaType)) {
        names.add(JsonMembers.text(entry, "name"));
      }
    }
    return List.copyOf(names);
  }

  /** The type of a command's arguments or an event's data; null when it is not known. */
  @Nullable String argumentType(String name) {
    JsonObject entry = entries.get(name);
    return entry != null && entry.get("arg-type") instanceof JsonString type ? type.value() : null;
  }

  /** object, enum, array, alternate, or a builtin's JSON type: int, string, boolean, …. */
  String kind(String type) {
    JsonObject entry = entries.get(type);
    if (entry == null) {
      return "";
    }
    String metaType = JsonMembers.text(entry, "meta-type");
    return metaType.equals("builtin") ? JsonMembers.text(entry, "json-type") : metaType;
  }

  /** What an array holds. */
  String elementType(String type) {
    JsonObject entry = entries.get(type);
    return entry == null ? "" : JsonMembers.text(entry, "element-type");
  }

  /** The types of an alternate. */
  List<String> alternatives(String type) {
    List<String> types = new ArrayList<>();
    JsonObject entry = entries.get(type);
    for (JsonObject member : JsonMembers.objects(entry == null ? null : entry.get("members"))) {
      types.add(JsonMembers.text(member, "type"));
    }
    return types;
  }

  /** The values of an enum; on an alternate, those of its enums. */
  List<String> values(String type) {
    List<String> values = new ArrayList<>();
    switch (kind(type)) {
      case "boolean" -> values.addAll(List.of("true", "false"));
      case "alternate" -> alternatives(type).forEach(each -> values.addAll(values(each)));
      case "enum" -> {
        JsonObject entry = entries.get(type);
        if (entry != null && entry.get("values") instanceof JsonArray names) {
          for (JsonValue name : names.items()) {
            values.add(name instanceof JsonString text ? text.value() : "");
          }
        }
      }
      default -> {}
    }
    return values;
  }

  /**
   * The members that an object may have, those of the branch included that its tag chooses.
   *
   * @param soFar what is known of the object, or null
   */
  List<Member> members(String type, @Nullable JsonObject soFar) {
    List<Member> members = new ArrayList<>();
    JsonObject entry = entries.get(type);
    if (entry == null) {
      return members;
    }
    if (kind(type).equals("alternate")) {
      alternatives(type).forEach(each -> members.addAll(members(each, soFar)));
      return members;
    }
    for (JsonObject member : JsonMembers.objects(entry.get("members"))) {
      members.add(
          new Member(
              JsonMembers.text(member, "name"),
              JsonMembers.text(member, "type"),
              member.members().containsKey("default")));
    }
    String tag = JsonMembers.text(entry, "tag");
    if (!tag.isEmpty() && soFar != null) {
      String chosen = JsonMembers.text(soFar, tag);
      for (JsonObject variant : JsonMembers.objects(entry.get("variants"))) {
        if (JsonMembers.text(variant, "case").equals(chosen)) {
          members.addAll(members(JsonMembers.text(variant, "type"), soFar));
        }
      }
    }
    return members;
  }

  /** The type of the member at a path, or null; array indices are passed. */
  @Nullable String typeAt(String root, List<String> path, @Nullable JsonObject soFar) {
    String type = root;
    JsonObject object = soFar;
    for (String name : path) {
      if (kind(type).equals("array")) {
        type = elementType(type);
        continue;
      }
      Member found = null;
      for (Member member : members(type, object)) {
        found = member.name().equals(name) ? member : found;
      }
      if (found == null) {
        return null;
      }
      type = found.type();
      object = object != null && object.get(name) instanceof JsonObject inner ? inner : null;
    }
    return type;
  }

  /** Whether something nested can stand here: an object, or an alternate with one. */
  boolean nests(String type) {
    return kind(type).equals("object")
        || kind(type).equals("alternate") && alternatives(type).stream().anyMatch(this::nests);
  }
}
