// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.qblockd.qapi.schema.Builtin;
import org.qblockd.qapi.schema.Schema;
import org.qblockd.qapi.schema.Schema.Branch;
import org.qblockd.qapi.schema.Schema.Definition;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.ObjectType;
import org.qblockd.qapi.schema.Schema.TypeRef;

/**
 * Writes the reply to query-qmp-schema: commands and events in order, then the types in the order
 * in which they came up, with numbers for names. Confined to one thread.
 */
final class IntrospectionWriter {
  private static final String EMPTY = "q_empty";

  private final Schema schema;
  private final List<Object> entries = new ArrayList<>();
  private final List<TypeRef> used = new ArrayList<>();
  private final Map<String, String> numbers = new LinkedHashMap<>();
  private final SinceFacts since;
  private final List<Object> releases = new ArrayList<>();

  IntrospectionWriter(Schema schema, SinceFacts since) {
    this.schema = schema;
    this.since = since;
  }

  /**
   * Since which release of QEMU what was written is there: for each entry its name, with a release
   * for a command or event, or with those of its members or values. After {@link #write}.
   */
  String releases() {
    return JsonText.of(releases);
  }

  private void released(String entry, Map<String, Object> facts) {
    if (!facts.isEmpty()) {
      Map<String, Object> release = new LinkedHashMap<>();
      release.put("name", entry);
      release.putAll(facts);
      releases.add(release);
    }
  }

  /** The modules that qemu-storage-daemon has, in whose order nothing differs. */
  static final Set<String> STORAGE_DAEMON =
      Set.of(
          "authz",
          "block-core",
          "block-export",
          "char",
          "common",
          "control",
          "crypto",
          "introspect",
          "job",
          "qom",
          "qom-objects",
          "sockets",
          "testing",
          "transaction");

  /** All of it. */
  String write() {
    return write(definition -> true);
  }

  /** What qemu-storage-daemon shows. */
  String writeStorageDaemon() {
    return write(definition -> STORAGE_DAEMON.contains(definition.meta().module()));
  }

  private String write(Predicate<Definition> shown) {
    for (Definition definition : schema.definitions()) {
      if (!shown.test(definition)) {
        continue;
      }
      if (definition instanceof Schema.Command command) {
        command(command);
      } else if (definition instanceof Schema.Event event) {
        Map<String, Object> entry = entry(event.name(), "event", event.meta().features());
        entry.put("arg-type", object(event.data()));
        released(event.name(), since.of("event", event.name()));
      }
    }
    for (int i = 0; i < used.size(); i++) {
      type(used.get(i));
    }
    return JsonText.of(entries);
  }

  private void command(Schema.Command command) {
    Map<String, Object> entry = entry(command.name(), "command", command.meta().features());
    entry.put("arg-type", object(command.arguments()));
    entry.put("ret-type", use(command.returns().orElse(new TypeRef(EMPTY, false))));
    released(command.name(), since.of("command", command.name()));
    if (command.flags().allowOob()) {
      entry.put("allow-oob", true);
    }
  }

  private String object(Optional<String> name) {
    return use(new TypeRef(name.orElse(EMPTY), false));
  }

  private Map<String, Object> entry(String name, String metaType, List<String> features) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", name);
    entry.put("meta-type", metaType);
    if (!features.isEmpty()) {
      entry.put("features", features);
    }
    entries.add(entry);
    return entry;
  }

  /** Notes that a type is used, and returns its name in the reply. All integers are int. */
  private String use(TypeRef given) {
    Optional<Builtin> builtin = Builtin.of(given.name());
    boolean integer = builtin.isPresent() && builtin.get().jsonType().equals("int");
    TypeRef ref = integer ? new TypeRef("int", given.list()) : given;
    if (!used.contains(ref)) {
      used.add(ref);
    }
    if (ref.list()) {
      return "[" + use(new TypeRef(ref.name(), false)) + "]";
    }
    return builtin.isPresent() && builtin.get() != Builtin.QTYPE
        ? ref.name()
        : numbers.computeIfAbsent(ref.name(), n -> String.valueOf(numbers.size()));
  }

  private void type(TypeRef ref) {
    String name = use(ref);
    if (ref.list()) {
      String element = use(new TypeRef(ref.name(), false));
      entry(name, "array", List.of()).put("element-type", element);
      return;
    }
    Optional<Builtin> builtin = Builtin.of(ref.name());
    if (builtin.isPresent()) {
      entry(name, "builtin", List.of()).put("json-type", builtin.get().jsonType());
    } else if (ref.name().equals(EMPTY)) {
      entry(name, "object", List.of()).put("members", List.of());
    } else {
      definition(name, schema.find(ref.name()).orElseThrow());
    }
  }

  private void definition(String name, Definition definition) {
    List<String> features = definition.meta().features();
    switch (definition) {
      case Schema.EnumType type -> {
        enumeration(entry(name, "enum", features), type);
        released(name, since.parts("value", type.name()));
      }
      case ObjectType type -> {
        objectType(entry(name, "object", features), type);
        released(name, since.parts("member", withBases(type)));
      }
      case Schema.AlternateType type -> {
        Map<String, Object> entry = entry(name, "alternate", features);
        List<Object> members = new ArrayList<>();
        for (Branch branch : type.alternatives()) {
          members.add(Map.of("type", use(branch.type())));
        }
        entry.put("members", members);
      }
      case Schema.Command command -> throw new IllegalArgumentException(command.name());
      case Schema.Event event -> throw new IllegalArgumentException(event.name());
    }
  }

  private String[] withBases(ObjectType type) {
    List<String> names = new ArrayList<>(List.of(type.name()));
    Optional<String> base = type.base();
    while (base.isPresent()) {
      names.add(base.get());
      base =
          schema.find(base.get()).orElseThrow() instanceof ObjectType above
              ? above.base()
              : Optional.empty();
    }
    return names.toArray(String[]::new);
  }

  private static void enumeration(Map<String, Object> entry, Schema.EnumType type) {
    List<Object> members = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (Schema.EnumValue value : type.values()) {
      Map<String, Object> member = new LinkedHashMap<>();
      member.put("name", value.name());
      if (!value.features().isEmpty()) {
        member.put("features", value.features());
      }
      members.add(member);
      values.add(value.name());
    }
    entry.put("members", members);
    entry.put("values", values);
  }

  private void objectType(Map<String, Object> entry, ObjectType type) {
    List<Object> members = new ArrayList<>();
    for (Member member : schema.allMembers(type)) {
      Map<String, Object> info = new LinkedHashMap<>();
      info.put("name", member.name());
      info.put("type", use(member.type()));
      if (member.optional()) {
        info.put("default", JsonText.NULL);
      }
      if (!member.features().isEmpty()) {
        info.put("features", member.features());
      }
      members.add(info);
    }
    entry.put("members", members);
    if (type.variants().isPresent()) {
      entry.put("tag", type.variants().get().tag());
      entry.put("variants", variants(type));
    }
  }

  /** QEMU lists the branches that are written first, then the empty ones. */
  private List<Object> variants(ObjectType type) {
    List<Object> variants = new ArrayList<>();
    for (Branch branch : type.variants().orElseThrow().branches()) {
      variants.add(variant(branch.name(), branch.type().name()));
    }
    Map<String, String> named = schema.branchTypes(type);
    for (Schema.EnumValue value : schema.tagType(type).values()) {
      if (!named.containsKey(value.name())) {
        variants.add(variant(value.name(), EMPTY));
      }
    }
    return variants;
  }

  private Map<String, Object> variant(String value, String type) {
    Map<String, Object> variant = new LinkedHashMap<>();
    variant.put("case", value);
    variant.put("type", use(new TypeRef(type, false)));
    return variant;
  }
}
