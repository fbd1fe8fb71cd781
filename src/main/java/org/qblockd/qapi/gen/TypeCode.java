// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.qapi.schema.Builtin;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.TypeRef;

/** Java expressions for types of a schema and for reading and writing their values. Any thread. */
final class TypeCode {
  static final String TYPES = "org.qblockd.qapi.types";

  private TypeCode() {}

  /** The Java type of a mandatory value. */
  static String plain(TypeRef ref) {
    return ref.list() ? "List<" + boxed(new TypeRef(ref.name(), false)) + ">" : scalar(ref.name());
  }

  /** The Java type of a member. */
  static String declared(Member member) {
    return member.optional() ? "Optional<" + boxed(member.type()) + ">" : plain(member.type());
  }

  /** The Java type as a type argument. */
  static String boxed(TypeRef ref) {
    return switch (plain(ref)) {
      case "long" -> "Long";
      case "boolean" -> "Boolean";
      case "double" -> "Double";
      default -> plain(ref);
    };
  }

  private static String scalar(String name) {
    Optional<Builtin> builtin = Builtin.of(name);
    if (builtin.isEmpty()) {
      return JavaNames.type(name);
    }
    return switch (builtin.get()) {
      case STR, QTYPE -> "String";
      case NUMBER -> "double";
      case BOOL -> "boolean";
      case ANY -> "AnyValue";
      case NULL -> "JsonNull";
      case INT, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, SIZE -> "long";
    };
  }

  /** Parameters or record components for members. */
  static String parameters(List<Member> members) {
    List<String> each = new ArrayList<>();
    for (Member member : members) {
      each.add(declared(member) + " " + JavaNames.member(member.name()));
    }
    return String.join(", ", each);
  }

  /** An expression that reads a member from {@code in}. */
  static String read(Member member) {
    String name = JavaNames.literal(member.name());
    String value = read(member.type(), name);
    return member.optional()
        ? "in.has(" + name + ") ? Optional.of(" + value + ") : Optional.empty()"
        : value;
  }

  /** An expression that reads a value with the name that {@code name} evaluates to. */
  static String read(TypeRef ref, String name) {
    Optional<Builtin> builtin = Builtin.of(ref.name());
    if (builtin.isEmpty()) {
      return JavaNames.type(ref.name())
          + (ref.list() ? ".decodeList" : ".decode")
          + "(in, "
          + name
          + ")";
    }
    String call = ref.list() ? listMethod(builtin.get()) : scalarMethod(builtin.get());
    return "in." + call.replace("NAME", name);
  }

  private static String listMethod(Builtin element) {
    return switch (element) {
      case STR -> "strings(NAME)";
      case INT, INT64 -> "integers(NAME)";
      case UINT8 -> "unsigneds(NAME, 8)";
      case UINT16 -> "unsigneds(NAME, 16)";
      case UINT32 -> "unsigneds(NAME, 32)";
      case UINT64, SIZE -> "unsigneds(NAME)";
      default ->
          throw new IllegalArgumentException("no list of " + element.wireName() + " is generated");
    };
  }

  private static String scalarMethod(Builtin builtin) {
    return switch (builtin) {
      case STR, QTYPE -> "string(NAME)";
      case NUMBER -> "number(NAME)";
      case BOOL -> "bool(NAME)";
      case ANY -> "anyValue(NAME)";
      case NULL -> "nil(NAME)";
      case INT, INT64 -> "integer(NAME)";
      case INT8 -> "integer(NAME, 8)";
      case INT16 -> "integer(NAME, 16)";
      case INT32 -> "integer(NAME, 32)";
      case UINT64 -> "unsigned(NAME)";
      case UINT8 -> "unsigned(NAME, 8)";
      case UINT16 -> "unsigned(NAME, 16)";
      case UINT32 -> "unsigned(NAME, 32)";
      case SIZE -> "size(NAME)";
    };
  }

  /** An expression that makes JSON of {@code value}. */
  static String write(TypeRef ref, String value) {
    Optional<Builtin> builtin = Builtin.of(ref.name());
    if (builtin.isEmpty()) {
      return ref.list() ? "Encoder.values(" + value + ")" : value + ".toJson()";
    }
    String pattern =
        switch (builtin.get()) {
          case STR, QTYPE -> ref.list() ? "Encoder.strings(V)" : "new JsonString(V)";
          case NUMBER -> "new JsonDouble(V)";
          case BOOL -> "new JsonBool(V)";
          case ANY -> ref.list() ? "Encoder.values(V)" : "V.toJson()";
          case NULL -> "V";
          case INT, INT8, INT16, INT32, INT64 ->
              ref.list() ? "Encoder.integers(V)" : "new JsonInteger(V)";
          case UINT8, UINT16, UINT32, UINT64, SIZE ->
              ref.list() ? "Encoder.unsigneds(V)" : "Encoder.unsigned(V)";
        };
    return pattern.replace("V", value);
  }

  /** Statements that put a member into the map {@code out}; {@code value} reads it. */
  static void put(Code code, Member member, String value) {
    String name = JavaNames.literal(member.name());
    if (!member.optional()) {
      code.line("out.put(" + name + ", " + write(member.type(), value) + ");");
      return;
    }
    code.line("if (" + value + ".isPresent()) {");
    code.line("out.put(" + name + ", " + write(member.type(), value + ".get()") + ");");
    code.line("}");
  }

  /** Start of a generated file in the package of types. */
  static Code file(String packageName) {
    Code code = new Code();
    code.line("// Generated from qapi-schema; do not edit.")
        .line("package " + packageName + ";")
        .gap()
        .line("import java.util.ArrayList;")
        .line("import java.util.List;")
        .line("import java.util.Map;")
        .line("import java.util.Optional;")
        .line("import org.jspecify.annotations.Nullable;")
        .line("import org.qblockd.base.BlockException;")
        .line("import org.qblockd.qapi.*;")
        .line("import org.qblockd.qapi.json.JsonValue;")
        .line("import org.qblockd.qapi.json.JsonValue.*;");
    return packageName.equals(TYPES) ? code : code.line("import " + TYPES + ".*;");
  }

  /** The methods that every type with a decoder has: decode from a list of it. */
  static void decodeList(Code code, String type, boolean inInterface) {
    String access = inInterface ? "static " : "public static ";
    code.gap().doc("Reads a list.");
    code.line(
        access
            + "List<"
            + type
            + "> decodeList(InputVisitor in, @Nullable String name)"
            + " throws QmpException {");
    code.line("in.startList(name);");
    code.line("List<" + type + "> values = new ArrayList<>();");
    code.line("while (in.more()) {");
    code.line("values.add(decode(in, null));");
    code.line("}");
    code.line("in.endList();");
    code.line("return values;");
    code.line("}");
  }

  /** The method that reads an object by its members. */
  static void decodeObject(Code code, String type, boolean inInterface) {
    String access = inInterface ? "static " : "public static ";
    code.gap().doc("Reads a value; {@code name} is that of the member, null in a list.");
    code.line(
        access + type + " decode(InputVisitor in, @Nullable String name) throws QmpException {");
    code.line("in.startStruct(name);");
    code.line(type + " value = decodeMembers(in);");
    code.line("in.endStruct();");
    code.line("return value;");
    code.line("}");
  }

  /** Starts the method that reads the members of an object that has been entered. */
  static void decodeMembers(Code code, String type, boolean inInterface) {
    code.gap().doc("Reads the members of an object that has been entered.");
    code.line(
        (inInterface ? "static " : "public static ")
            + type
            + " decodeMembers(InputVisitor in) throws QmpException {");
  }
}
