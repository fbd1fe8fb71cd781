// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema language: what is read, and where errors are said to be. */
class SchemaTest {
  private static final String BASE =
      """
      { 'enum': 'Kind', 'data': [ 'one', { 'name': 'two', 'features': [ 'unstable' ] } ] }
      { 'struct': 'Plain', 'data': { 'a': 'int', '*b': [ 'str' ] } }
      """;

  @TempDir Path directory;

  private Schema read(String text) throws IOException, SchemaException {
    return Schema.read(Files.writeString(directory.resolve("main.json"), text));
  }

  private void fails(String text, int line, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(SchemaException.class)
        .hasMessage(directory.resolve("main.json") + ":" + line + ": " + message);
  }

  @Test
  void readsDefinitions() throws IOException, SchemaException {
    Schema schema =
        read(
            BASE
                + """
                ##
                # @Both:
                #
                # First line,
                #
                # second line.
                ##
                { 'union': 'Both', 'base': { 'kind': 'Kind', '*c': 'bool' },
                  'discriminator': 'kind', 'data': { 'two': 'Plain' } }
                { 'alternate': 'Either', 'data': { 's': 'str', 'n': 'null', 'o': 'Plain' } }
                { 'command': 'do-it', 'data': 'Both', 'boxed': true, 'returns': [ 'Plain' ],
                  'allow-oob': true, 'if': 'CONFIG_X', 'features': [ 'deprecated' ] }
                { 'event': 'DONE', 'data': { 'x': 'size' } }
                """);
    Schema.ObjectType union = schema.object("Both");
    assertThat(union.meta().doc()).isEqualTo("First line,\n\nsecond line.");
    assertThat(union.meta().source().line()).isEqualTo(10);
    assertThat(union.base()).contains("q_obj_Both-base");
    assertThat(schema.allMembers(union))
        .extracting(Schema.Member::name)
        .containsExactly("kind", "c");
    assertThat(schema.branchTypes(union)).containsExactly(java.util.Map.entry("two", "Plain"));
    Schema.Command command = schema.definitions(Schema.Command.class).getFirst();
    assertThat(command.flags().allowOob()).isTrue();
    assertThat(command.returns()).contains(new Schema.TypeRef("Plain", true));
    assertThat(command.meta().features()).containsExactly("deprecated");
    assertThat(schema.definitions(Schema.Event.class)).hasSize(1);
  }

  @Test
  void includesCountOnce() throws IOException, SchemaException {
    Files.writeString(directory.resolve("part.json"), BASE);
    Schema schema = read("{ 'include': 'part.json' }\n{ 'include': 'part.json' }\n");
    assertThat(schema.find("Kind").orElseThrow().meta().module()).isEqualTo("part");
    assertThat(schema.definitions()).hasSize(2);
  }

  @Test
  void errorsOfTheSyntaxHaveALine() {
    fails("# nothing\n{ 'enum': 'A\n", 2, "a string may hold printable ASCII and no backslash");
    fails("\n{ 'enum' 'A' }", 2, "expected ':', found A");
    fails("{ 'enum': 'A',\n 'enum': 'B' }", 2, "duplicate key 'enum'");
    fails("\t", 1, "stray tab");
    fails("##\n# @A:\n{", 3, "documentation comment must end with '##'");
    fails("{ 'include': 'no.json' }", 1, "can't read included schema file 'no.json'");
    fails("{ 'data': {} }", 1, "expression is missing metatype");
    fails("{ 'struct': 'A', 'datum': {} }", 1, "struct has unknown key 'datum'");
  }

  @Test
  void errorsOfMeaningNameTheDefinition() {
    List<String> wrong =
        List.of(
            "{ 'struct': 'X', 'data': { 'a': 'Nix' } }",
            "'X': uses unknown type 'Nix'",
            "{ 'struct': 'X', 'base': 'Kind', 'data': {} }",
            "'X': 'base' requires a struct type, 'Kind' is none",
            "{ 'struct': 'X', 'base': 'Plain', 'data': { 'a': 'int' } }",
            "'X': member 'a' occurs twice",
            "{ 'union': 'X', 'base': 'Plain', 'discriminator': 'k', 'data': { 'one': 'Plain' } }",
            "'X': discriminator 'k' is no mandatory member of the base",
            "{ 'union': 'X', 'base': { 'k': 'Kind' }, 'discriminator': 'k', 'data': { 'z': 'Plain'"
                + " } }",
            "'X': branch 'z' is not a value of enum 'Kind'",
            "{ 'alternate': 'X', 'data': { 'a': 'str', 'b': 'Kind' } }",
            "'X': alternative 'b' can't be distinguished from 'a'",
            "{ 'command': 'x', 'returns': 'str' }",
            "'x': 'returns' cannot take str",
            "{ 'command': 'x_y' }",
            "'x_y': name 'x_y' is not allowed");
    for (int i = 0; i < wrong.size(); i += 2) {
      fails(BASE + wrong.get(i), 3, wrong.get(i + 1));
    }
    fails(BASE + "{ 'enum': 'Kind', 'data': [] }", 3, "'Kind' is already defined");
  }

  @Test
  void documentationCanBeRequired() {
    String pragma = "{ 'pragma': { 'doc-required': true } }\n";
    fails(pragma + "{ 'event': 'E' }", 2, "documentation comment required for E");
    fails(
        pragma + "##\n# @F:\n#\n# Text.\n##\n{ 'event': 'E' }",
        7,
        "documentation comment is not for E");
  }
}
