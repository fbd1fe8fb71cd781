// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.Iterator;
import org.qblockd.qapi.schema.Schema;

/** Writes an enumeration. Any thread. */
final class EnumWriter {
  private EnumWriter() {}

  static String write(Schema.EnumType type) {
    String name = JavaNames.type(type.name());
    Code code = TypeCode.file(TypeCode.TYPES).gap().doc(type.meta().doc());
    code.line("public enum " + name + " implements QapiValue {");
    Iterator<Schema.EnumValue> values = type.values().iterator();
    while (values.hasNext()) {
      String value = values.next().name();
      code.line(
          JavaNames.constant(value)
              + "("
              + JavaNames.literal(value)
              + ")"
              + (values.hasNext() ? "," : ";"));
    }
    code.gap().line("private final String wireName;").gap();
    code.line(name + "(String wireName) {").line("this.wireName = wireName;").line("}");
    code.gap().doc("The value on the wire.");
    code.line("public String wireName() {").line("return wireName;").line("}");
    code.gap().doc("The value with this name on the wire, or null.");
    code.line("public static @Nullable " + name + " fromWire(String wireName) {");
    code.line("return switch (wireName) {");
    for (Schema.EnumValue value : type.values()) {
      code.line(
          "case "
              + JavaNames.literal(value.name())
              + " -> "
              + JavaNames.constant(value.name())
              + ";");
    }
    code.line("default -> null;").line("};").line("}");
    code.gap().doc("Reads a value; {@code name} is that of the member, null in a list.");
    code.line(
        "public static "
            + name
            + " decode(InputVisitor in, @Nullable String name)"
            + " throws QmpException {");
    code.line("String text = in.string(name);");
    code.line(name + " value = fromWire(text);");
    code.line("if (value == null) {").line("throw in.notAccepted(name, text);").line("}");
    code.line("return value;").line("}");
    TypeCode.decodeList(code, name, false);
    code.gap().line("@Override").line("public JsonString toJson() {");
    code.line("return new JsonString(wireName);").line("}").gap();
    code.line("@Override").line("public String toString() {").line("return wireName;").line("}");
    return code.line("}").toString();
  }
}
