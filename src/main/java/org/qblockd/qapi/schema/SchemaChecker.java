// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.qblockd.qapi.schema.Schema.Branch;
import org.qblockd.qapi.schema.Schema.Definition;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.ObjectType;
import org.qblockd.qapi.schema.Schema.TypeRef;

/** Checks what definitions say about each other. Confined to the thread that parses. */
final class SchemaChecker {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_-]*");
  private static final Pattern MEMBER = Pattern.compile("[a-z][a-z0-9-]*");
  private static final Pattern ENUM_VALUE = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern ENUM_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]*");
  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z0-9]*");
  private static final Pattern EVENT = Pattern.compile("[A-Z][A-Z0-9_]*");

  private final Schema schema;
  private final Pragma pragma;

  SchemaChecker(Schema schema, Pragma pragma) {
    this.schema = schema;
    this.pragma = pragma;
  }

  void check() throws SchemaException {
    for (Definition definition : schema.definitions()) {
      checkName(definition);
      switch (definition) {
        case Schema.EnumType type -> checkEnum(type);
        case ObjectType type -> checkObject(type);
        case Schema.AlternateType type -> checkAlternate(type);
        case Schema.Command command -> checkCommand(command);
        case Schema.Event event -> checkArguments(event, event.data(), event.boxed());
      }
    }
  }

  private void checkName(Definition definition) throws SchemaException {
    String name = definition.name();
    boolean good =
        switch (definition) {
          case Schema.EnumType type -> TYPE.matcher(type.name()).matches();
          case ObjectType type -> type.implicit() || TYPE.matcher(type.name()).matches();
          case Schema.AlternateType type -> TYPE.matcher(type.name()).matches();
          case Schema.Command command ->
              MEMBER.matcher(name).matches()
                  || pragma.commandNameMayBe(name) && NAME.matcher(name).matches();
          case Schema.Event event -> EVENT.matcher(event.name()).matches();
        };
    if (!good) {
      throw error(definition, "name '" + name + "' is not allowed");
    }
  }

  private void checkEnum(Schema.EnumType type) throws SchemaException {
    boolean anyCase = pragma.memberNamesMayBe(type.name());
    for (Schema.EnumValue value : type.values()) {
      boolean good =
          anyCase
              ? ENUM_NAME.matcher(value.name()).matches()
              : ENUM_VALUE.matcher(value.name()).matches();
      if (!good) {
        throw error(type, "value '" + value.name() + "' has an invalid name");
      }
    }
  }

  private void checkObject(ObjectType type) throws SchemaException {
    if (type.base().isPresent()) {
      checkBase(type, type.base().get());
    }
    Set<String> names = new HashSet<>();
    for (Member member : schema.allMembers(type)) {
      if (!names.add(member.name())) {
        throw error(type, "member '" + member.name() + "' occurs twice");
      }
    }
    for (Member member : type.members()) {
      boolean anyCase = pragma.memberNamesMayBe(type.name());
      if (!(anyCase ? NAME : MEMBER).matcher(member.name()).matches()) {
        throw error(type, "member '" + member.name() + "' has an invalid name");
      }
      checkType(type, member.type());
    }
    if (type.variants().isPresent()) {
      checkVariants(type, type.variants().get(), names);
    }
  }

  private void checkBase(ObjectType type, String name) throws SchemaException {
    Set<String> chain = new HashSet<>(Set.of(type.name()));
    Optional<String> next = Optional.of(name);
    while (next.isPresent()) {
      if (!chain.add(next.get())) {
        throw error(type, "object " + next.get() + " contains itself");
      }
      if (!(schema.find(next.get()).orElse(null) instanceof ObjectType base)
          || base.variants().isPresent()) {
        throw error(type, "'base' requires a struct type, '" + next.get() + "' is none");
      }
      next = base.base();
    }
  }

  private void checkVariants(ObjectType type, Schema.Variants variants, Set<String> names)
      throws SchemaException {
    Optional<Member> tag =
        schema.allMembers(type).stream().filter(m -> m.name().equals(variants.tag())).findFirst();
    if (tag.isEmpty() || tag.get().optional() || tag.get().type().list()) {
      throw error(
          type, "discriminator '" + variants.tag() + "' is no mandatory member of the base");
    }
    if (!(schema.find(tag.get().type().name()).orElse(type) instanceof Schema.EnumType values)) {
      throw error(type, "discriminator '" + variants.tag() + "' must be of enum type");
    }
    for (Branch branch : variants.branches()) {
      if (values.values().stream().noneMatch(v -> v.name().equals(branch.name()))) {
        throw error(
            type, "branch '" + branch.name() + "' is not a value of enum '" + values.name() + "'");
      }
      if (branch.type().list()
          || !(schema.find(branch.type().name()).orElse(values) instanceof ObjectType data)) {
        throw error(type, "branch '" + branch.name() + "' must be of object type");
      }
      for (Member member : schema.allMembers(data)) {
        if (names.contains(member.name())) {
          throw error(
              type,
              "member '" + member.name() + "' of branch '" + branch.name() + "' is in the base");
        }
      }
    }
  }

  private void checkAlternate(Schema.AlternateType type) throws SchemaException {
    Map<String, String> seen = new HashMap<>();
    for (Branch branch : type.alternatives()) {
      if (branch.type().list()) {
        throw error(type, "alternative '" + branch.name() + "' may not be an array");
      }
      checkType(type, branch.type());
      String json = jsonType(type, branch);
      String other = seen.putIfAbsent(json, branch.name());
      if (other != null) {
        throw error(
            type,
            "alternative '" + branch.name() + "' can't be distinguished from '" + other + "'");
      }
    }
  }

  private String jsonType(Schema.AlternateType type, Branch branch) throws SchemaException {
    String name = branch.type().name();
    if (schema.find(name).orElse(type) instanceof ObjectType) {
      return "object";
    }
    if (schema.find(name).orElse(type) instanceof Schema.EnumType) {
      return "string";
    }
    Optional<Builtin> builtin = Builtin.of(name);
    if (builtin.isEmpty() || builtin.get() == Builtin.ANY) {
      throw error(type, "alternative '" + branch.name() + "' cannot use type '" + name + "'");
    }
    String json = builtin.get().jsonType();
    return json.equals("int") ? "number" : json;
  }

  private void checkCommand(Schema.Command command) throws SchemaException {
    checkArguments(command, command.arguments(), command.boxed());
    if (command.returns().isEmpty()) {
      return;
    }
    TypeRef returns = command.returns().get();
    checkType(command, returns);
    if (!pragma.commandReturnsAnything(command.name())
        && !(schema.find(returns.name()).orElse(command) instanceof ObjectType)) {
      throw error(command, "'returns' cannot take " + returns.name().toLowerCase(Locale.ROOT));
    }
  }

  private void checkArguments(Definition owner, Optional<String> name, boolean boxed)
      throws SchemaException {
    if (name.isEmpty()) {
      return;
    }
    if (!(schema.find(name.get()).orElse(owner) instanceof ObjectType type)) {
      throw error(owner, "'data' cannot take '" + name.get() + "'");
    }
    if (type.variants().isPresent() && !boxed) {
      throw error(owner, "'data' can take union type '" + name.get() + "' only with 'boxed': true");
    }
  }

  private void checkType(Definition owner, TypeRef ref) throws SchemaException {
    if (Builtin.of(ref.name()).isPresent()) {
      return;
    }
    List<Class<? extends Definition>> types =
        List.of(Schema.EnumType.class, ObjectType.class, Schema.AlternateType.class);
    Optional<Definition> found = schema.find(ref.name());
    if (found.isEmpty() || types.stream().noneMatch(t -> t.isInstance(found.get()))) {
      throw error(owner, "uses unknown type '" + ref.name() + "'");
    }
  }

  private static SchemaException error(Definition definition, String message) {
    return new SchemaException(
        definition.meta().source(), "'" + definition.name() + "': " + message);
  }
}
