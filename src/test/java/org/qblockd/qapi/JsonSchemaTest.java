// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.qblockd.qapi.commands.CommandTable;
import org.qblockd.qapi.json.JsonWriter;
import org.qblockd.qapi.types.BlockDeviceIoStatus;
import org.qblockd.qapi.types.BlockJobInfo;
import org.qblockd.qapi.types.BlockJobInfoMirror;
import org.qblockd.qapi.types.BlockJobReadyEvent;
import org.qblockd.qapi.types.JobStatus;
import org.qblockd.qapi.types.JobStatusChangeEvent;
import org.qblockd.qapi.types.JobType;

/** The published JSON Schema documents: valid themselves, and right about what is sent. */
class JsonSchemaTest {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static String resource(String name) throws IOException {
    try (InputStream in = JsonSchemaTest.class.getResourceAsStream("/schema/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static List<Error> check(String document, String json) throws IOException {
    return REGISTRY.getSchema(resource(document)).validate(json, InputFormat.JSON);
  }

  @Test
  void everyCommandHasTwoValidDocuments() throws IOException {
    Schema dialect =
        REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    for (String command : CommandTable.names()) {
      for (String kind : List.of("arguments", "return")) {
        String document = resource(command + "." + kind + ".json");
        assertThat(dialect.validate(document, InputFormat.JSON)).as(command).isEmpty();
      }
    }
  }

  @Test
  void argumentsAreChecked() throws IOException {
    String document = "blockdev-add.arguments.json";
    String file = "{'driver': 'file', 'filename': '/a', 'read-only': true}".replace('\'', '"');
    String qcow2 =
        ("{'driver': 'qcow2', 'file': {'driver': 'raw', 'file': 'n'}, 'backing': null,"
                + " 'overlap-check': 'all'}")
            .replace('\'', '"');
    assertThat(check(document, file)).isEmpty();
    assertThat(check(document, qcow2)).isEmpty();
    List<String> wrong = new ArrayList<>();
    wrong.add(file.replace("filename", "name"));
    wrong.add(file.replace("true", "1"));
    wrong.add(qcow2.replace("\"n\"", "7"));
    wrong.add(qcow2.replace("all", "some"));
    wrong.add("{}");
    for (String json : wrong) {
      assertThat(check(document, json)).as(json).isNotEmpty();
    }
  }

  @Test
  void commandsWithoutArgumentsTakeNone() throws IOException {
    assertThat(check("quit.arguments.json", "{}")).isEmpty();
    assertThat(check("quit.arguments.json", "{\"now\": true}")).isNotEmpty();
  }

  @Test
  void encodedRepliesAndEventsFit() throws IOException {
    BlockJobInfo job =
        new BlockJobInfo.Mirror(
            "job0",
            4096,
            0,
            true,
            false,
            0,
            BlockDeviceIoStatus.OK,
            false,
            JobStatus.RUNNING,
            true,
            true,
            Optional.empty(),
            new BlockJobInfoMirror(false));
    String reply = JsonWriter.toText(Encoder.values(List.of(job)));
    assertThat(check("query-block-jobs.return.json", reply)).isEmpty();
    List<QapiEvent> events =
        List.of(
            new JobStatusChangeEvent("job0", JobStatus.NULL),
            new BlockJobReadyEvent(JobType.MIRROR, "job0", 1, 1, 0));
    for (QapiEvent event : events) {
      String json = JsonWriter.toText(event.toJson());
      assertThat(check(event.eventName() + ".event.json", json)).as(json).isEmpty();
    }
  }

  @Test
  void introspectionFitsItsOwnSchema() throws IOException {
    String reply = JsonWriter.toText(Introspection.schema());
    assertThat(check("query-qmp-schema.return.json", reply)).isEmpty();
  }
}
