// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.qblockd.qapi.schema.Schema.Branch;
import org.qblockd.qapi.schema.Schema.Definition;
import org.qblockd.qapi.schema.Schema.EnumValue;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.Meta;
import org.qblockd.qapi.schema.Schema.TypeRef;
import org.qblockd.qapi.schema.Schema.Variants;

/**
 * Turns expressions into definitions and checks the shape of each one by itself; {@link
 * SchemaChecker} checks what one says about others. Confined to the thread that parses.
 */
final class DefinitionBuilder {
  private static final List<String> KINDS =
      List.of("enum", "struct", "union", "alternate", "command", "event");
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "enum", Set.of("data", "prefix"),
          "struct", Set.of("data", "base"),
          "union", Set.of("data", "base", "discriminator"),
          "alternate", Set.of("data"),
          "command",
              Set.of(
                  "data",
                  "returns",
                  "boxed",
                  "gen",
                  "success-response",
                  "allow-oob",
                  "allow-preconfig",
                  "coroutine"),
          "event", Set.of("data", "boxed"));

  private final Pragma pragma;
  private final SequencedMap<String, Definition> definitions = new LinkedHashMap<>();

  DefinitionBuilder(Pragma pragma) {
    this.pragma = pragma;
  }

  SequencedMap<String, Definition> definitions() {
    return definitions;
  }

  void add(SchemaParser.Entry entry) throws SchemaException {
    SchemaNode.Obj node = entry.node();
    String kind = kind(node);
    Meta meta = meta(entry, kind);
    Definition definition =
        switch (kind) {
          case "enum" -> enumeration(meta, node);
          case "struct" -> struct(meta, node);
          case "union" -> union(meta, node);
          case "alternate" -> new Schema.AlternateType(meta, branches(node));
          case "command" -> command(meta, node);
          default -> event(meta, node);
        };
    define(definition);
  }

  private void define(Definition definition) throws SchemaException {
    if (Builtin.of(definition.name()).isPresent()
        || definitions.putIfAbsent(definition.name(), definition) != null) {
      throw new SchemaException(
          definition.meta().source(), "'" + definition.name() + "' is already defined");
    }
  }

  private static String kind(SchemaNode.Obj node) throws SchemaException {
    String found = "";
    for (String kind : KINDS) {
      if (node.get(kind).isPresent()) {
        if (!found.isEmpty()) {
          throw new SchemaException(
              node.source(), "expression is both '" + found + "' and '" + kind + "'");
        }
        found = kind;
      }
    }
    if (found.isEmpty()) {
      throw new SchemaException(node.source(), "expression is missing metatype");
    }
    for (String key : node.members().keySet()) {
      if (!key.equals(found)
          && !key.equals("if")
          && !key.equals("features")
          && !KEYS.getOrDefault(found, Set.of()).contains(key)) {
        throw new SchemaException(node.source(), found + " has unknown key '" + key + "'");
      }
    }
    return found;
  }

  private Meta meta(SchemaParser.Entry entry, String kind) throws SchemaException {
    SchemaNode.Obj node = entry.node();
    String name = node.get(kind).orElseThrow().asString("'" + kind + "'");
    String doc = entry.doc().orElse("");
    if (doc.isEmpty()) {
      if (pragma.needsDoc(name)) {
        throw new SchemaException(node.source(), "documentation comment required for " + name);
      }
    } else if (doc.startsWith("@" + name + ":\n")) {
      doc = doc.substring(name.length() + 2).strip();
    } else {
      throw new SchemaException(node.source(), "documentation comment is not for " + name);
    }
    return new Meta(name, entry.module(), node.source(), doc, features(node));
  }

  private static List<String> features(SchemaNode.Obj node) throws SchemaException {
    List<String> names = new ArrayList<>();
    if (node.get("features").isPresent()) {
      for (SchemaNode item : node.get("features").orElseThrow().asList("'features'").items()) {
        names.add(nameOrObject(item, "feature"));
      }
    }
    return names;
  }

  /** A string, or an object with the string as its member {@code name}. */
  private static String nameOrObject(SchemaNode item, String what) throws SchemaException {
    if (!(item instanceof SchemaNode.Obj object)) {
      return item.asString(what);
    }
    Optional<SchemaNode> name = object.get("name");
    if (name.isEmpty()) {
      throw new SchemaException(item.source(), what + " misses key 'name'");
    }
    return name.get().asString("name of " + what);
  }

  private static SchemaNode data(SchemaNode.Obj node, String kind) throws SchemaException {
    Optional<SchemaNode> data = node.get("data");
    if (data.isEmpty()) {
      throw new SchemaException(node.source(), kind + " misses key 'data'");
    }
    return data.get();
  }

  private static Definition enumeration(Meta meta, SchemaNode.Obj node) throws SchemaException {
    List<EnumValue> values = new ArrayList<>();
    for (SchemaNode item : data(node, "enum").asList("'data'").items()) {
      String name = nameOrObject(item, "value of enum");
      List<String> features =
          item instanceof SchemaNode.Obj object ? features(object) : List.<String>of();
      if (values.stream().anyMatch(v -> v.name().equals(name))) {
        throw new SchemaException(item.source(), "value '" + name + "' occurs twice");
      }
      values.add(new EnumValue(name, features));
    }
    return new Schema.EnumType(meta, values);
  }

  private static Definition struct(Meta meta, SchemaNode.Obj node) throws SchemaException {
    Optional<String> base = Optional.empty();
    if (node.get("base").isPresent()) {
      base = Optional.of(node.get("base").orElseThrow().asString("'base'"));
    }
    List<Member> members = members(data(node, "struct").asObject("'data'"));
    return new Schema.ObjectType(meta, base, members, Optional.empty(), false);
  }

  private Definition union(Meta meta, SchemaNode.Obj node) throws SchemaException {
    Optional<SchemaNode> base = node.get("base");
    Optional<SchemaNode> tag = node.get("discriminator");
    if (base.isEmpty() || tag.isEmpty()) {
      throw new SchemaException(
          node.source(), "union misses key '" + (base.isEmpty() ? "base" : "discriminator") + "'");
    }
    Optional<String> baseName = objectName(meta, base.get(), "base");
    Variants variants = new Variants(tag.get().asString("'discriminator'"), branches(node));
    return new Schema.ObjectType(meta, baseName, List.of(), Optional.of(variants), false);
  }

  private static List<Branch> branches(SchemaNode.Obj node) throws SchemaException {
    List<Branch> branches = new ArrayList<>();
    SchemaNode.Obj data = data(node, "union or alternate").asObject("'data'");
    if (data.members().isEmpty()) {
      throw new SchemaException(data.source(), "'data' has no branches");
    }
    for (Map.Entry<String, SchemaNode> entry : data.members().entrySet()) {
      branches.add(new Branch(entry.getKey(), type(entry.getValue(), entry.getKey())));
    }
    return branches;
  }

  private Definition command(Meta meta, SchemaNode.Obj node) throws SchemaException {
    Optional<String> arguments = Optional.empty();
    if (node.get("data").isPresent()) {
      arguments = objectName(meta, node.get("data").orElseThrow(), "arg");
    }
    Optional<TypeRef> returns = Optional.empty();
    if (node.get("returns").isPresent()) {
      returns = Optional.of(type(node.get("returns").orElseThrow(), "returns"));
    }
    Schema.CommandFlags flags =
        new Schema.CommandFlags(
            flag(node, "gen", true),
            flag(node, "success-response", true),
            flag(node, "allow-oob", false),
            flag(node, "allow-preconfig", false),
            flag(node, "coroutine", false));
    if (flags.allowOob() && flags.coroutine()) {
      throw new SchemaException(
          meta.source(), "flags 'allow-oob' and 'coroutine' are incompatible");
    }
    return new Schema.Command(meta, arguments, boxed(meta, node), returns, flags);
  }

  private Definition event(Meta meta, SchemaNode.Obj node) throws SchemaException {
    Optional<String> data = Optional.empty();
    if (node.get("data").isPresent()) {
      data = objectName(meta, node.get("data").orElseThrow(), "arg");
    }
    return new Schema.Event(meta, data, boxed(meta, node));
  }

  private static boolean boxed(Meta meta, SchemaNode.Obj node) throws SchemaException {
    boolean boxed = flag(node, "boxed", false);
    if (boxed && !(node.get("data").orElse(node) instanceof SchemaNode.Str)) {
      throw new SchemaException(meta.source(), "'boxed': true requires 'data' to name a type");
    }
    return boxed;
  }

  private static boolean flag(SchemaNode.Obj node, String key, boolean otherwise)
      throws SchemaException {
    return node.get(key).isPresent()
        ? node.get(key).orElseThrow().asBool("flag '" + key + "'")
        : otherwise;
  }

  /** The name of an object type that is named, or defined in place; none if that is empty. */
  private Optional<String> objectName(Meta meta, SchemaNode node, String role)
      throws SchemaException {
    if (!(node instanceof SchemaNode.Obj object)) {
      return Optional.of(node.asString("'" + (role.equals("arg") ? "data" : role) + "'"));
    }
    if (object.members().isEmpty()) {
      return Optional.empty();
    }
    String name = "q_obj_" + meta.name() + "-" + role;
    Meta implicit = new Meta(name, meta.module(), node.source(), meta.doc(), List.of());
    define(
        new Schema.ObjectType(implicit, Optional.empty(), members(object), Optional.empty(), true));
    return Optional.of(name);
  }

  private static List<Member> members(SchemaNode.Obj object) throws SchemaException {
    List<Member> members = new ArrayList<>();
    for (Map.Entry<String, SchemaNode> entry : object.members().entrySet()) {
      boolean optional = entry.getKey().startsWith("*");
      String name = optional ? entry.getKey().substring(1) : entry.getKey();
      SchemaNode value = entry.getValue();
      List<String> features =
          value instanceof SchemaNode.Obj details ? features(details) : List.<String>of();
      members.add(new Member(name, type(value, name), optional, features));
    }
    return members;
  }

  private static TypeRef type(SchemaNode node, String what) throws SchemaException {
    if (node instanceof SchemaNode.Obj object) {
      Optional<SchemaNode> type = object.get("type");
      if (type.isEmpty()) {
        throw new SchemaException(node.source(), "'" + what + "' misses key 'type'");
      }
      return type(type.get(), what);
    }
    if (node instanceof SchemaNode.Arr list) {
      if (list.items().size() != 1) {
        throw new SchemaException(
            node.source(), "array type of '" + what + "' must contain one type name");
      }
      return new TypeRef(list.items().getFirst().asString("element type of '" + what + "'"), true);
    }
    return new TypeRef(node.asString("type of '" + what + "'"), false);
  }
}
