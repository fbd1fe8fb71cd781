// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.qblockd.qapi.schema.Schema;
import org.qblockd.qapi.schema.Schema.Command;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.ObjectType;

/** Writes the interfaces of commands, their dispatchers and their table. Confined to one thread. */
final class CommandWriter {
  static final String COMMANDS = "org.qblockd.qapi.commands";
  private static final int FEW = 3;
  private static final String THROWS = " throws QmpException, BlockException";

  private final Schema schema;
  private final Map<String, List<Command>> modules = new LinkedHashMap<>();

  CommandWriter(Schema schema) {
    this.schema = schema;
    for (Command command : schema.definitions(Command.class)) {
      modules.computeIfAbsent(command.meta().module(), m -> new ArrayList<>()).add(command);
    }
  }

  /** Whether the members of an argument type become one record. */
  static boolean bundled(ObjectType arguments) {
    return arguments.members().size() > FEW;
  }

  /** The name of the record that bundles arguments. */
  static String bundleName(Command command) {
    return JavaNames.type(command.name()) + "Arguments";
  }

  /** File names without ending, and contents. */
  Map<String, String> write() {
    Map<String, String> files = new LinkedHashMap<>();
    for (Map.Entry<String, List<Command>> module : modules.entrySet()) {
      String name = JavaNames.type(module.getKey());
      files.put(name + "Commands", handler(name, module.getValue()));
      files.put(name + "Dispatch", dispatch(name, module.getValue()));
    }
    files.put("CommandDispatcher", dispatcher());
    files.put("CommandTable", table());
    return files;
  }

  private String handler(String module, List<Command> commands) {
    Code code = TypeCode.file(COMMANDS).gap();
    code.doc("The commands of this module. One thread, the control lane, calls them.");
    code.line("public interface " + module + "Commands {");
    for (Command command : commands) {
      code.gap().doc(command.meta().doc());
      code.line(
          returnType(command)
              + " "
              + JavaNames.member(command.name())
              + "("
              + parameters(command)
              + ")"
              + THROWS
              + ";");
    }
    return code.line("}").toString();
  }

  private static String returnType(Command command) {
    if (!command.flags().gen() && command.returns().isPresent()) {
      return "JsonValue";
    }
    return command.returns().isPresent() ? TypeCode.plain(command.returns().get()) : "void";
  }

  private String parameters(Command command) {
    if (!command.flags().gen()) {
      return command.arguments().isPresent() ? "AnyValue arguments" : "";
    }
    if (command.arguments().isEmpty()) {
      return "";
    }
    ObjectType type = schema.object(command.arguments().get());
    if (command.boxed()) {
      return JavaNames.type(type.name()) + " arguments";
    }
    if (bundled(type)) {
      return (type.implicit() ? bundleName(command) : JavaNames.type(type.name())) + " arguments";
    }
    return TypeCode.parameters(schema.allMembers(type));
  }

  private String dispatch(String module, List<Command> commands) {
    Code code = TypeCode.file(COMMANDS).gap();
    code.doc("Decodes arguments and encodes results. Any thread that may call the handler.");
    code.line("final class " + module + "Dispatch {");
    code.line("private " + module + "Dispatch() {").line("}").gap();
    code.line(
        "static JsonValue dispatch("
            + module
            + "Commands handler, String command, JsonObject arguments)"
            + THROWS
            + " {");
    code.line("return switch (command) {");
    for (Command command : commands) {
      code.line(
          "case "
              + JavaNames.literal(command.name())
              + " -> "
              + JavaNames.member(command.name())
              + "(handler, arguments);");
    }
    code.line("default -> throw new IllegalArgumentException(command);").line("};").line("}");
    for (Command command : commands) {
      code.gap()
          .line(
              "private static JsonValue "
                  + JavaNames.member(command.name())
                  + "("
                  + module
                  + "Commands handler, JsonObject arguments)"
                  + THROWS
                  + " {");
      call(code, command);
      code.line("}");
    }
    return code.line("}").toString();
  }

  private void call(Code code, Command command) {
    String arguments = command.flags().gen() ? arguments(code, command) : raw(code, command);
    String call = "handler." + JavaNames.member(command.name()) + "(" + arguments + ")";
    if (command.returns().isEmpty()) {
      code.line(call + ";").line("return JsonObject.EMPTY;");
    } else if (!command.flags().gen()) {
      code.line("return " + call + ";");
    } else {
      code.line("return " + TypeCode.write(command.returns().get(), call) + ";");
    }
  }

  private static String raw(Code code, Command command) {
    if (command.arguments().isPresent()) {
      return "new AnyValue(arguments)";
    }
    code.line("InputVisitor in = InputVisitor.strict(arguments);");
    code.line("in.startStruct(null);").line("in.endStruct();");
    return "";
  }

  private String arguments(Code code, Command command) {
    code.line("InputVisitor in = InputVisitor.strict(arguments);");
    code.line("in.startStruct(null);");
    if (command.arguments().isEmpty()) {
      code.line("in.endStruct();");
      return "";
    }
    ObjectType type = schema.object(command.arguments().get());
    if (command.boxed() || bundled(type)) {
      String name = type.implicit() ? bundleName(command) : JavaNames.type(type.name());
      code.line(name + " decoded = " + name + ".decodeMembers(in);").line("in.endStruct();");
      return "decoded";
    }
    List<String> names = new ArrayList<>();
    for (Member member : schema.allMembers(type)) {
      String name = JavaNames.member(member.name()) + "Value";
      code.line(TypeCode.declared(member) + " " + name + " = " + TypeCode.read(member) + ";");
      names.add(name);
    }
    code.line("in.endStruct();");
    return String.join(", ", names);
  }

  private String dispatcher() {
    Code code = TypeCode.file(COMMANDS).gap();
    code.doc("Runs a command by its name. Handlers are asked for when a command needs them.");
    code.line("public abstract class CommandDispatcher {");
    for (String module : modules.keySet()) {
      code.gap().doc("The handler of the commands in {@code " + module + ".json}.");
      code.line(
          "protected abstract "
              + JavaNames.type(module)
              + "Commands "
              + JavaNames.member(module)
              + "();");
    }
    code.gap()
        .doc(
            "Runs a command and returns the value of {@code return}. The caller has checked whether"
                + "\nthe command may run now. Unknown commands give CommandNotFound.");
    code.line(
        "public final JsonValue dispatch(String command, JsonObject arguments)" + THROWS + " {");
    code.line("return switch (command) {");
    for (Map.Entry<String, List<Command>> module : modules.entrySet()) {
      List<String> names =
          module.getValue().stream().map(c -> JavaNames.literal(c.name())).toList();
      code.line("case " + String.join(",\n        ", names));
      code.line(
          "    -> "
              + JavaNames.type(module.getKey())
              + "Dispatch.dispatch("
              + JavaNames.member(module.getKey())
              + "(), command, arguments);");
    }
    code.line("default -> throw new QmpException(");
    code.line("    ErrorClass.COMMAND_NOT_FOUND,");
    code.line("    \"The command \" + command + \" has not been found\");");
    return code.line("};").line("}").line("}").toString();
  }

  private String table() {
    Code code = TypeCode.file(COMMANDS).gap();
    code.doc("What a monitor must know of each command before it runs it. Any thread.");
    code.line("public final class CommandTable {").line("private CommandTable() {").line("}");
    code.gap().doc("The command with this name, or null.");
    code.line("public static @Nullable CommandDescription find(String name) {");
    code.line("return switch (name) {");
    for (Command command : schema.definitions(Command.class)) {
      code.line("case " + JavaNames.literal(command.name()) + " -> " + description(command) + ";");
    }
    code.line("default -> null;").line("};").line("}");
    code.gap()
        .doc(
            "The names in the order of {@code query-commands}: unchecked, then last defined"
                + " first.");
    names(code, "names", command -> true);
    code.gap().doc("The names of those that qemu-storage-daemon has, in the same order.");
    names(
        code,
        "storageDaemonNames",
        command -> IntrospectionWriter.STORAGE_DAEMON.contains(command.meta().module()));
    return code.line("}").toString();
  }

  private void names(Code code, String method, Predicate<Command> wanted) {
    List<String> names =
        schema.definitions(Command.class).reversed().stream()
            .filter(wanted)
            .sorted(Comparator.comparing(c -> !unchecked(c)))
            .map(c -> JavaNames.literal(c.name()))
            .toList();
    code.line("public static List<String> " + method + "() {");
    code.line("return List.of(\n        " + String.join(",\n        ", names) + ");");
    code.line("}");
  }

  /** Whether the command gets its arguments as they come; QEMU registers these last. */
  private static boolean unchecked(Command command) {
    return !command.flags().gen() && command.arguments().isPresent();
  }

  private static String description(Command command) {
    Schema.CommandFlags flags = command.flags();
    List<String> features = command.meta().features().stream().map(JavaNames::literal).toList();
    return "new CommandDescription(name, "
        + flags.successResponse()
        + ", "
        + flags.allowOob()
        + ", "
        + flags.allowPreconfig()
        + ", "
        + flags.coroutine()
        + ", List.of("
        + String.join(", ", features)
        + "))";
  }
}
