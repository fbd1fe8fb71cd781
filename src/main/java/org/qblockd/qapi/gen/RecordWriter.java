// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.Iterator;
import java.util.List;
import org.qblockd.qapi.schema.Schema.Member;

/** Writes a record for a struct, for arguments of a command or for an event. Any thread. */
final class RecordWriter {
  private static final int MANY = 5;

  private RecordWriter() {}

  /** The record of a struct or of arguments. */
  static String struct(String name, String doc, List<Member> members) {
    Code code = TypeCode.file(TypeCode.TYPES).gap().doc(doc);
    header(code, name, members, "QapiObject");
    TypeCode.decodeObject(code, name, false);
    TypeCode.decodeList(code, name, false);
    TypeCode.decodeMembers(code, name, false);
    construct(code, name, members);
    code.line("}");
    encodeMembers(code, members);
    builder(code, name, members);
    return code.line("}").toString();
  }

  /** The record of an event. */
  static String event(String name, String wireName, String doc, List<Member> members) {
    Code code = TypeCode.file(TypeCode.TYPES).gap().doc(doc);
    header(code, name, members, "QapiEvent");
    code.gap().doc("The name on the wire.");
    code.line("public static final String NAME = " + JavaNames.literal(wireName) + ";");
    code.gap().line("@Override").line("public String eventName() {").line("return NAME;").line("}");
    encodeMembers(code, members);
    builder(code, name, members);
    return code.line("}").toString();
  }

  private static void header(Code code, String name, List<Member> members, String supertype) {
    code.line(
        "public record "
            + name
            + "("
            + TypeCode.parameters(members)
            + ") implements "
            + supertype
            + " {");
    List<Member> lists = members.stream().filter(m -> m.type().list() && !m.optional()).toList();
    if (lists.isEmpty()) {
      return;
    }
    code.gap().line("public " + name + " {");
    for (Member list : lists) {
      String field = JavaNames.member(list.name());
      code.line(field + " = List.copyOf(" + field + ");");
    }
    code.line("}");
  }

  /** A return statement whose arguments read the members in order. */
  private static void construct(Code code, String name, List<Member> members) {
    if (members.isEmpty()) {
      code.line("return new " + name + "();");
      return;
    }
    code.line("return new " + name + "(");
    Iterator<Member> each = members.iterator();
    while (each.hasNext()) {
      Member member = each.next();
      code.line("    " + TypeCode.read(member) + (each.hasNext() ? "," : ");"));
    }
  }

  private static void encodeMembers(Code code, List<Member> members) {
    code.gap().line("@Override");
    code.line("public void encodeMembers(Map<String, JsonValue> out) {");
    for (Member member : members) {
      TypeCode.put(code, member, JavaNames.member(member.name()));
    }
    code.line("}");
  }

  /** A builder, for records that nobody wants to construct with a row of empty optionals. */
  private static void builder(Code code, String name, List<Member> members) {
    if (members.size() < MANY || members.stream().noneMatch(Member::optional)) {
      return;
    }
    code.gap().doc("A builder; optional members are absent until set.");
    code.line("public static Builder builder() {").line("return new Builder();").line("}");
    code.gap().doc("Collects the members. Confined to one thread.");
    code.line("public static final class Builder {");
    for (Member member : members) {
      code.line("private @Nullable " + field(member) + ";");
    }
    code.gap().line("private Builder() {").line("}");
    for (Member member : members) {
      setters(code, member);
    }
    if (!members.stream().allMatch(Member::optional)) {
      code.gap().line("private static <T> T required(@Nullable T value, String name) {");
      code.line("if (value == null) {");
      code.line("throw new IllegalStateException(name + \" is not set\");").line("}");
      code.line("return value;").line("}");
    }
    code.gap().doc("The record; members that are not optional must have been set.");
    code.line("public " + name + " build() {").line("return new " + name + "(");
    Iterator<Member> each = members.iterator();
    while (each.hasNext()) {
      Member member = each.next();
      String field = JavaNames.member(member.name());
      String value =
          member.optional()
              ? "Optional.ofNullable(" + field + ")"
              : "required(" + field + ", " + JavaNames.literal(field) + ")";
      code.line("    " + value + (each.hasNext() ? "," : ");"));
    }
    code.line("}").line("}");
  }

  private static String field(Member member) {
    return TypeCode.boxed(member.type()) + " " + JavaNames.member(member.name());
  }

  private static void setters(Code code, Member member) {
    String name = JavaNames.member(member.name());
    code.gap().doc("Sets {@code " + member.name() + "}.");
    code.line("public Builder " + name + "(" + TypeCode.plain(member.type()) + " value) {");
    code.line("this." + name + " = value;").line("return this;").line("}");
    if (member.optional()) {
      code.gap().doc("Sets or clears {@code " + member.name() + "}.");
      code.line("public Builder " + name + "(" + TypeCode.declared(member) + " value) {");
      code.line("this." + name + " = value.orElse(null);").line("return this;").line("}");
    }
  }
}
