// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.qblockd.qapi.schema.Schema;
import org.qblockd.qapi.schema.Schema.Command;
import org.qblockd.qapi.schema.Schema.Definition;
import org.qblockd.qapi.schema.Schema.Event;
import org.qblockd.qapi.schema.Schema.Member;
import org.qblockd.qapi.schema.Schema.ObjectType;
import org.qblockd.qapi.schema.SchemaException;

/**
 * The generator's main program; the build runs it from source: {@code java Generate.java
 * qapi-schema OUTDIR [RESOURCEDIR]}; resources go to {@code OUTDIR/../../generated-resources/qapi}
 * unless told otherwise. Files whose contents did not change are left alone, files that are not
 * generated any more are deleted. One thread.
 */
public final class Generate {
  private final Schema schema;
  private final OutputTree java;

  private Generate(Schema schema, OutputTree java) {
    this.schema = schema;
    this.java = java;
  }

  /** Runs the generator; ends with status 1 when the schema is wrong. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: Generate SCHEMADIR OUTDIR [RESOURCEDIR]");
      System.exit(2);
    }
    try {
      run(args);
    } catch (SchemaException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run(String[] args) throws IOException, SchemaException {
    Schema schema = Schema.read(Path.of(args[0], "qapi-schema.json"));
    OutputTree java = new OutputTree(Path.of(args[1]), "org/qblockd/qapi", ".java");
    new Generate(schema, java).java();
    java.finish();
    Path resourceDirectory =
        args.length == 3
            ? Path.of(args[2])
            : Path.of(args[1]).resolve("../../generated-resources/qapi").normalize();
    OutputTree resources = new OutputTree(resourceDirectory, "schema", ".json");
    new JsonSchemaWriter(schema).write(resources);
    SinceFacts since = SinceFacts.read(Path.of(args[0]).resolve("since.txt"), schema);
    IntrospectionWriter all = new IntrospectionWriter(schema, since);
    resources.write("schema/introspection.json", all.write());
    resources.write("schema/introspection-since.json", all.releases());
    IntrospectionWriter daemon = new IntrospectionWriter(schema, since);
    resources.write("schema/introspection-storage-daemon.json", daemon.writeStorageDaemon());
    resources.write("schema/introspection-storage-daemon-since.json", daemon.releases());
    resources.finish();
  }

  private void java() throws IOException {
    for (Definition definition : schema.definitions()) {
      switch (definition) {
        case Schema.EnumType type -> type(type.name(), EnumWriter.write(type));
        case ObjectType type -> object(type);
        case Schema.AlternateType type -> type(type.name(), UnionWriter.alternate(schema, type));
        case Command command -> bundle(command);
        case Event event -> event(event);
      }
    }
    for (Map.Entry<String, String> file : new CommandWriter(schema).write().entrySet()) {
      java.write("org/qblockd/qapi/commands/" + file.getKey() + ".java", file.getValue());
    }
    packageInfo("types", "Types of the QAPI schema: one class per definition. Generated.");
    packageInfo("commands", "Commands of the QAPI schema: handlers by module. Generated.");
  }

  private void object(ObjectType type) throws IOException {
    if (type.variants().isPresent()) {
      type(type.name(), new UnionWriter(schema, type).write());
    } else if (!type.implicit()) {
      String name = JavaNames.type(type.name());
      type(type.name(), RecordWriter.struct(name, type.meta().doc(), schema.allMembers(type)));
    }
  }

  private void bundle(Command command) throws IOException {
    if (command.arguments().isEmpty() || command.boxed()) {
      return;
    }
    ObjectType type = schema.object(command.arguments().get());
    if (type.implicit() && CommandWriter.bundled(type)) {
      String name = CommandWriter.bundleName(command);
      type(name, RecordWriter.struct(name, command.meta().doc(), type.members()));
    }
  }

  private void event(Event event) throws IOException {
    String name = JavaNames.eventType(event.name()) + "Event";
    List<Member> members =
        event.data().isPresent() ? schema.allMembers(schema.object(event.data().get())) : List.of();
    if (event.boxed() && schema.object(event.data().orElseThrow()).variants().isPresent()) {
      throw new IllegalArgumentException("no event with a union is generated: " + event.name());
    }
    type(name, RecordWriter.event(name, event.name(), event.meta().doc(), members));
  }

  private void type(String schemaName, String text) throws IOException {
    java.write("org/qblockd/qapi/types/" + JavaNames.type(schemaName) + ".java", text);
  }

  private void packageInfo(String name, String doc) throws IOException {
    Code code = new Code().doc(doc).line("@NullMarked");
    code.line("package org.qblockd.qapi." + name + ";").gap();
    code.line("import org.jspecify.annotations.NullMarked;");
    java.write("org/qblockd/qapi/" + name + "/package-info.java", code.toString());
  }
}
