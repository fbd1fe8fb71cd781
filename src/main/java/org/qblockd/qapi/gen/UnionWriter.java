// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.qblockd.qapi.schema.Schema;
import org.qblockd.qapi.schema.Schema.Branch;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.ObjectType;

/** Writes the sealed interfaces of unions and alternates. Confined to one thread. */
final class UnionWriter {
  private static final String DATA = "data";

  private final ObjectType union;
  private final String name;
  private final String tag;
  private final String tagType;
  private final Map<String, String> branches;
  private final List<Member> base;
  private final boolean complete;

  UnionWriter(Schema schema, ObjectType union) {
    this.union = union;
    this.name = JavaNames.type(union.name());
    this.tag = union.variants().orElseThrow().tag();
    Schema.EnumType values = schema.tagType(union);
    this.tagType = JavaNames.type(values.name());
    this.branches = schema.branchTypes(union);
    this.base = schema.allMembers(union);
    this.complete = branches.size() == values.values().size();
  }

  String write() {
    Code code = TypeCode.file(TypeCode.TYPES).gap().doc(union.meta().doc());
    code.line("public sealed interface " + name + " extends QapiObject {");
    for (Member member : base) {
      code.gap().doc("The member {@code " + member.name() + "}.");
      code.line(TypeCode.declared(member) + " " + JavaNames.member(member.name()) + "();");
    }
    for (Map.Entry<String, String> branch : branches.entrySet()) {
      branch(code, branch.getKey(), typeName(branch.getValue()));
    }
    if (!complete) {
      other(code);
    }
    TypeCode.decodeObject(code, name, true);
    TypeCode.decodeList(code, name, true);
    decodeMembers(code);
    encodeBase(code);
    return code.line("}").toString();
  }

  /** A branch record may hide a type of the same name. */
  private String typeName(String type) {
    String java = JavaNames.type(type);
    boolean hidden =
        branches.keySet().stream().anyMatch(b -> JavaNames.branch(b).equals(java))
            || java.equals("Other");
    return hidden ? TypeCode.TYPES + "." + java : java;
  }

  private List<Member> withoutTag() {
    return base.stream().filter(m -> !m.name().equals(tag)).toList();
  }

  private void branch(Code code, String value, String dataType) {
    List<String> components = new ArrayList<>();
    if (!withoutTag().isEmpty()) {
      components.add(TypeCode.parameters(withoutTag()));
    }
    components.add(dataType + " " + DATA);
    code.gap().doc("The branch {@code " + value + "}.");
    code.line(
        "record "
            + JavaNames.branch(value)
            + "("
            + String.join(", ", components)
            + ") implements "
            + name
            + " {");
    code.line("@Override").line("public " + tagType + " " + JavaNames.member(tag) + "() {");
    code.line("return " + tagType + "." + JavaNames.constant(value) + ";").line("}").gap();
    code.line("@Override").line("public void encodeMembers(Map<String, JsonValue> out) {");
    code.line(name + ".encodeBase(this, out);");
    code.line(DATA + ".encodeMembers(out);").line("}").line("}");
  }

  private void other(Code code) {
    code.gap().doc("The branches without members of their own.");
    code.line("record Other(" + TypeCode.parameters(base) + ") implements " + name + " {");
    String field = JavaNames.member(tag);
    code.line("public Other {").line("switch (" + field + ") {");
    for (String value : branches.keySet()) {
      code.line(
          "case "
              + JavaNames.constant(value)
              + " -> throw new IllegalArgumentException("
              + JavaNames.literal(value + " has members of its own")
              + ");");
    }
    code.line("default -> {").line("}").line("}").line("}").gap();
    code.line("@Override").line("public void encodeMembers(Map<String, JsonValue> out) {");
    code.line(name + ".encodeBase(this, out);").line("}").line("}");
  }

  private void decodeMembers(Code code) {
    TypeCode.decodeMembers(code, name, true);
    List<String> names = new ArrayList<>();
    for (Member member : base) {
      String field = JavaNames.member(member.name());
      code.line(TypeCode.declared(member) + " " + field + " = " + TypeCode.read(member) + ";");
      if (!member.name().equals(tag)) {
        names.add(field);
      }
    }
    code.line("return switch (" + JavaNames.member(tag) + ") {");
    for (Map.Entry<String, String> branch : branches.entrySet()) {
      List<String> arguments = new ArrayList<>(names);
      arguments.add(typeName(branch.getValue()) + ".decodeMembers(in)");
      code.line(
          "case "
              + JavaNames.constant(branch.getKey())
              + " -> new "
              + JavaNames.branch(branch.getKey())
              + "("
              + String.join(", ", arguments)
              + ");");
    }
    if (!complete) {
      List<String> all = base.stream().map(m -> JavaNames.member(m.name())).toList();
      code.line("default -> new Other(" + String.join(", ", all) + ");");
    }
    code.line("};").line("}");
  }

  private void encodeBase(Code code) {
    code.gap()
        .line("private static void encodeBase(" + name + " value, Map<String, JsonValue> out) {");
    for (Member member : base) {
      TypeCode.put(code, member, "value." + JavaNames.member(member.name()) + "()");
    }
    code.line("}");
  }

  /** The sealed interface of an alternate. */
  static String alternate(Schema schema, Schema.AlternateType type) {
    String name = JavaNames.type(type.name());
    Code code = TypeCode.file(TypeCode.TYPES).gap().doc(type.meta().doc());
    code.line("public sealed interface " + name + " extends QapiValue {");
    for (Branch branch : type.alternatives()) {
      code.gap().doc("The alternative {@code " + branch.name() + "}.");
      code.line(
          "record "
              + JavaNames.branch(branch.name())
              + "("
              + TypeCode.plain(branch.type())
              + " value) implements "
              + name
              + " {");
      code.line("@Override").line("public JsonValue toJson() {");
      code.line("return " + TypeCode.write(branch.type(), "value") + ";").line("}").line("}");
    }
    code.gap().doc("Reads a value; {@code name} is that of the member, null in a list.");
    code.line(
        "static " + name + " decode(InputVisitor in, @Nullable String name) throws QmpException {");
    code.line("JsonValue next = in.peek(name);");
    for (Branch branch : type.alternatives()) {
      code.line("if (" + test(schema, branch) + ") {");
      code.line(
          "return new "
              + JavaNames.branch(branch.name())
              + "("
              + TypeCode.read(branch.type(), "name")
              + ");");
      code.line("}");
    }
    code.line("throw in.noAlternative(name, " + JavaNames.literal(type.name()) + ");").line("}");
    TypeCode.decodeList(code, name, true);
    return code.line("}").toString();
  }

  private static String test(Schema schema, Branch branch) {
    String type = branch.type().name();
    if (schema.find(type).isPresent()) {
      boolean text = schema.find(type).get() instanceof Schema.EnumType;
      return "next instanceof " + (text ? "JsonString" : "JsonObject");
    }
    return switch (TypeCode.plain(branch.type())) {
      case "String" -> "next instanceof JsonString";
      case "boolean" -> "next instanceof JsonBool";
      case "JsonNull" -> "next instanceof JsonNull";
      default -> "next instanceof JsonInteger || next instanceof JsonDouble";
    };
  }
}
