// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.qblockd.qapi.schema.Builtin;
import org.qblockd.qapi.schema.Schema;
import org.qblockd.qapi.schema.Schema.Branch;
import org.qblockd.qapi.schema.Schema.Definition;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.ObjectType;
import org.qblockd.qapi.schema.Schema.TypeRef;

/**
 * Writes JSON Schema documents (draft 2020-12): for each command {@code NAME.arguments.json} and
 * {@code NAME.return.json}, for each event {@code NAME.event.json}, each complete in itself.
 * Confined to one thread.
 */
final class JsonSchemaWriter {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final Object SIGNED_MAX = Long.MAX_VALUE;

  private final Schema schema;

  JsonSchemaWriter(Schema schema) {
    this.schema = schema;
  }

  void write(OutputTree out) throws IOException {
    for (Schema.Command command : schema.definitions(Schema.Command.class)) {
      String name = "schema/" + command.name();
      TypeRef returns = command.returns().orElse(new TypeRef("", false));
      String doc = command.meta().doc();
      out.write(
          name + ".arguments.json", document(command.name(), doc, object(command.arguments())));
      out.write(name + ".return.json", document(command.name(), doc, returns));
    }
    for (Schema.Event event : schema.definitions(Schema.Event.class)) {
      out.write(
          "schema/" + event.name() + ".event.json",
          document(event.name(), event.meta().doc(), object(event.data())));
    }
  }

  private static TypeRef object(Optional<String> name) {
    return new TypeRef(name.orElse(""), false);
  }

  private String document(String title, String doc, TypeRef root) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("$schema", DIALECT);
    document.put("title", title);
    document.put("description", doc.replace('\n', ' '));
    document.putAll(reference(root));
    Map<String, Object> definitions = new LinkedHashMap<>();
    Deque<String> wanted = new ArrayDeque<>(List.of(root.name()));
    Set<String> seen = new HashSet<>();
    while (!wanted.isEmpty()) {
      String name = wanted.removeFirst();
      Optional<Definition> definition = schema.find(name);
      if (definition.isPresent() && seen.add(name)) {
        definitions.put(name, definition(definition.get(), wanted));
      }
    }
    if (!definitions.isEmpty()) {
      document.put("$defs", definitions);
    }
    return JsonText.of(document);
  }

  /** A type in use; the empty name stands for an object without members. */
  private Map<String, Object> reference(TypeRef ref) {
    if (ref.list()) {
      return map("type", "array", "items", reference(new TypeRef(ref.name(), false)));
    }
    if (ref.name().isEmpty()) {
      return map("type", "object", "maxProperties", 0);
    }
    Optional<Builtin> builtin = Builtin.of(ref.name());
    return builtin.isPresent() ? builtin(builtin.get()) : map("$ref", "#/$defs/" + ref.name());
  }

  private static Map<String, Object> builtin(Builtin builtin) {
    return switch (builtin) {
      case STR, QTYPE -> map("type", "string");
      case NUMBER -> map("type", "number");
      case BOOL -> map("type", "boolean");
      case ANY -> map();
      case NULL -> map("type", "null");
      case INT, INT64 -> integer(Long.MIN_VALUE, SIGNED_MAX);
      case INT8 -> integer(Byte.MIN_VALUE, Byte.MAX_VALUE);
      case INT16 -> integer(Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UINT8 -> integer(0, 0xff);
      case UINT16 -> integer(0, 0xffff);
      case UINT32 -> integer(0, 0xffff_ffffL);
      case UINT64, SIZE -> integer(0, new java.math.BigInteger("18446744073709551615"));
    };
  }

  private static Map<String, Object> integer(Object minimum, Object maximum) {
    return map("type", "integer", "minimum", minimum, "maximum", maximum);
  }

  private Map<String, Object> definition(Definition definition, Deque<String> wanted) {
    Map<String, Object> result =
        switch (definition) {
          case Schema.EnumType type ->
              map("enum", type.values().stream().map(Schema.EnumValue::name).toList());
          case ObjectType type -> objectType(type, wanted);
          case Schema.AlternateType type -> alternate(type, wanted);
          case Schema.Command command -> throw new IllegalArgumentException(command.name());
          case Schema.Event event -> throw new IllegalArgumentException(event.name());
        };
    if (!definition.meta().doc().isEmpty()) {
      result.put("description", definition.meta().doc().replace('\n', ' '));
    }
    return result;
  }

  private Map<String, Object> alternate(Schema.AlternateType type, Deque<String> wanted) {
    List<Object> choices = new ArrayList<>();
    for (Branch branch : type.alternatives()) {
      choices.add(reference(branch.type()));
      wanted.add(branch.type().name());
    }
    return map("oneOf", choices);
  }

  /** An object; of a union, one complete object per value of the tag. */
  private Map<String, Object> objectType(ObjectType type, Deque<String> wanted) {
    if (type.variants().isEmpty()) {
      return properties(schema.allMembers(type), "", "", wanted);
    }
    String tag = type.variants().get().tag();
    Map<String, String> named = schema.branchTypes(type);
    List<Object> choices = new ArrayList<>();
    for (Schema.EnumValue value : schema.tagType(type).values()) {
      List<Member> members = new ArrayList<>(schema.allMembers(type));
      String branch = named.get(value.name());
      if (branch != null) {
        members.addAll(schema.allMembers(schema.object(branch)));
      }
      choices.add(properties(members, tag, value.name(), wanted));
    }
    return map("oneOf", choices);
  }

  private Map<String, Object> properties(
      List<Member> members, String tag, String tagValue, Deque<String> wanted) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<Object> required = new ArrayList<>();
    for (Member member : members) {
      boolean isTag = member.name().equals(tag);
      Map<String, Object> value = isTag ? map("const", tagValue) : reference(member.type());
      if (!isTag) {
        wanted.add(member.type().name());
      }
      if (member.features().contains("deprecated")) {
        value.put("deprecated", true);
      }
      properties.put(member.name(), value);
      if (!member.optional()) {
        required.add(member.name());
      }
    }
    Map<String, Object> object = map("type", "object", "properties", properties);
    if (!required.isEmpty()) {
      object.put("required", required);
    }
    object.put("additionalProperties", false);
    return object;
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
