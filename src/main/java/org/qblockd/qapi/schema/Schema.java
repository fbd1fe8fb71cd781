// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A checked QAPI schema: its definitions in the order of the files. Immutable; any thread.
 *
 * <p>Names of implicit types are those of QEMU: {@code q_obj_NAME-arg} for arguments written in
 * place, {@code q_obj_NAME-base} for a base written in place. They count as definitions.
 */
public final class Schema {

  /** What all definitions have. {@code doc} is the text of the comment without its first line. */
  public record Meta(
      String name, String module, Source source, String doc, List<String> features) {}

  /** A type in use: a definition or builtin by name, or a list of it. */
  public record TypeRef(String name, boolean list) {}

  /** A value of an enumeration. */
  public record EnumValue(String name, List<String> features) {}

  /** A member of an object, without the asterisk of an optional one. */
  public record Member(String name, TypeRef type, boolean optional, List<String> features) {}

  /** One value of a union's tag, or one alternative of an alternate. */
  public record Branch(String name, TypeRef type) {}

  /** The tag of a union and the branches that have members; other values add none. */
  public record Variants(String tag, List<Branch> branches) {}

  /** A definition. */
  public sealed interface Definition {
    /** Name, place, comment and features. */
    Meta meta();

    /** The name. */
    default String name() {
      return meta().name();
    }
  }

  /** A closed set of strings. */
  public record EnumType(Meta meta, List<EnumValue> values) implements Definition {}

  /** A struct or a union; {@code members} are its own, those of the base come before them. */
  public record ObjectType(
      Meta meta,
      Optional<String> base,
      List<Member> members,
      Optional<Variants> variants,
      boolean implicit)
      implements Definition {}

  /** One of several types. */
  public record AlternateType(Meta meta, List<Branch> alternatives) implements Definition {}

  /** A command; {@code arguments} names an object type. */
  public record Command(
      Meta meta,
      Optional<String> arguments,
      boolean boxed,
      Optional<TypeRef> returns,
      CommandFlags flags)
      implements Definition {}

  /** How a command is run. */
  public record CommandFlags(
      boolean gen,
      boolean successResponse,
      boolean allowOob,
      boolean allowPreconfig,
      boolean coroutine) {}

  /** An event; {@code data} names an object type. */
  public record Event(Meta meta, Optional<String> data, boolean boxed) implements Definition {}

  private final SequencedMap<String, Definition> definitions;

  private Schema(SequencedMap<String, Definition> definitions) {
    this.definitions = definitions;
  }

  /** Reads and checks a schema file with all that it includes. */
  public static Schema read(Path main) throws IOException, SchemaException {
    Pragma pragma = new Pragma();
    DefinitionBuilder builder = new DefinitionBuilder(pragma);
    for (SchemaParser.Entry entry : SchemaParser.parse(main, pragma)) {
      builder.add(entry);
    }
    Schema schema = new Schema(builder.definitions());
    new SchemaChecker(schema, pragma).check();
    return schema;
  }

  /** All definitions, in order. */
  public List<Definition> definitions() {
    return List.copyOf(definitions.values());
  }

  /** The definitions of one kind, in order. */
  public <T extends Definition> List<T> definitions(Class<T> kind) {
    List<T> found = new ArrayList<>();
    for (Definition definition : definitions.values()) {
      if (kind.isInstance(definition)) {
        found.add(kind.cast(definition));
      }
    }
    return found;
  }

  /** The definition with this name. */
  public Optional<Definition> find(String name) {
    return Optional.ofNullable(definitions.get(name));
  }

  /** The object type with this name; it must exist. */
  public ObjectType object(String name) {
    if (definitions.get(name) instanceof ObjectType object) {
      return object;
    }
    throw new IllegalArgumentException("not an object type: " + name);
  }

  /** Members of an object, those of its bases first. */
  public List<Member> allMembers(ObjectType type) {
    List<Member> all = new ArrayList<>();
    if (type.base().isPresent()) {
      all.addAll(allMembers(object(type.base().get())));
    }
    all.addAll(type.members());
    return all;
  }

  /** The values of the enumeration that the tag of a union has. */
  public EnumType tagType(ObjectType union) {
    Variants variants = union.variants().orElseThrow();
    for (Member member : allMembers(union)) {
      if (member.name().equals(variants.tag())
          && definitions.get(member.type().name()) instanceof EnumType type) {
        return type;
      }
    }
    throw new IllegalArgumentException("no tag in " + union.name());
  }

  /** Branch type by value of the tag, for all values that have members, in the tag's order. */
  public Map<String, String> branchTypes(ObjectType union) {
    Map<String, String> types = new LinkedHashMap<>();
    for (EnumValue value : tagType(union).values()) {
      for (Branch branch : union.variants().orElseThrow().branches()) {
        if (branch.name().equals(value.name())) {
          types.put(value.name(), branch.type().name());
        }
      }
    }
    return types;
  }
}
