// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.Locale;
import java.util.Set;

/** Java names for names of a schema. Any thread. */
final class JavaNames {
  private static final Set<String> TAKEN =
      Set.of(
          "abstract",
          "assert",
          "boolean",
          "break",
          "byte",
          "case",
          "catch",
          "char",
          "class",
          "const",
          "continue",
          "default",
          "do",
          "double",
          "else",
          "enum",
          "extends",
          "false",
          "final",
          "finally",
          "float",
          "for",
          "goto",
          "if",
          "implements",
          "import",
          "instanceof",
          "int",
          "interface",
          "long",
          "native",
          "new",
          "null",
          "package",
          "private",
          "protected",
          "public",
          "return",
          "short",
          "static",
          "strictfp",
          "super",
          "switch",
          "synchronized",
          "this",
          "throw",
          "throws",
          "transient",
          "true",
          "try",
          "void",
          "volatile",
          "while",
          "clone",
          "finalize",
          "getClass",
          "hashCode",
          "notify",
          "notifyAll",
          "toString",
          "wait",
          "decode",
          "decodeList",
          "decodeMembers",
          "encodeMembers",
          "toJson",
          "builder",
          "in",
          "out",
          "eventName");

  private static final Set<String> BRANCHES_TAKEN =
      Set.of(
          "Boolean",
          "Double",
          "Enum",
          "List",
          "Long",
          "Map",
          "Object",
          "Optional",
          "Other",
          "Override",
          "Record",
          "String");

  private JavaNames() {}

  /** {@code block-job_set} as {@code BlockJobSet}; capitals inside stay. */
  static String type(String name) {
    StringBuilder java = new StringBuilder();
    for (String part : name.split("[-_.]")) {
      if (!part.isEmpty()) {
        java.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
      }
    }
    return Character.isDigit(java.charAt(0)) ? "N" + java : java.toString();
  }

  /** The record of a branch; what Java and generated code use themselves gets a longer name. */
  static String branch(String name) {
    String java = type(name);
    return BRANCHES_TAKEN.contains(java) ? java + "Branch" : java;
  }

  /** {@code BLOCK_JOB_READY} as {@code BlockJobReady}. */
  static String eventType(String name) {
    return type(name.toLowerCase(Locale.ROOT));
  }

  /** {@code node-name} as {@code nodeName}; what Java reserves gets an underscore. */
  static String member(String name) {
    String type = type(name);
    String java = Character.toLowerCase(type.charAt(0)) + type.substring(1);
    return TAKEN.contains(java) ? java + "_" : java;
  }

  /** {@code null-co} as {@code NULL_CO}. */
  static String constant(String name) {
    String java = name.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    return Character.isDigit(java.charAt(0)) ? "N" + java : java;
  }

  /** A Java string literal; schema names need no escapes, texts do. */
  static String literal(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
