// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** The expected texts are those of QEMU 10.0.2. */
final class JsonWriterTest {

  @Test
  void printsAsciiOnly() {
    String text = "\"\\/'\b\f\n\r\t\u0001\u007F\u00E9\u20AC\uD83D\uDE00\uD83Dx\uFFFF\0";
    assertThat(JsonWriter.toText(new JsonString(text)))
        .isEqualTo(
            "\"\\\"\\\\/'\\b\\f\\n\\r\\t\\u0001\\u007F\\u00E9\\u20AC\\uD83D\\uDE00\\uFFFDx\\uFFFD"
                + "\\u0000\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1.5, 1.5",
    "0.1, 0.10000000000000001",
    "1e16, 10000000000000000",
    "1e17, 1e+17",
    "123456789012345678, 1.2345678901234568e+17",
    "1e-4, 0.0001",
    "1e-5, 1.0000000000000001e-05",
    "5e-324, 4.9406564584124654e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "NaN, nan",
    "Infinity, inf",
    "-Infinity, -inf"
  })
  void printsDoublesWithSeventeenDigits(double number, String text) {
    assertThat(JsonWriter.toText(new JsonDouble(number))).isEqualTo(text);
  }

  @Test
  void printsMembersInTheOrderOfTheirBuckets() throws JsonSyntaxException {
    String schemaOrder =
        "{'QMP': {'version': {'qemu': {'major': 10, 'minor': 0, 'micro': 2}, 'package': ''},"
            + " 'capabilities': ['oob']}}";
    assertThat(JsonWriter.toText(JsonStream.parse(schemaOrder)))
        .isEqualTo(
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10},"
                + " \"package\": \"\"}, \"capabilities\": [\"oob\"]}}");
    String event =
        "{'event': 'SHUTDOWN', 'timestamp': {'seconds': 1, 'microseconds': 2},"
            + " 'data': {'reason': 'host-qmp-quit', 'guest': false}}";
    assertThat(JsonWriter.toText(JsonStream.parse(event)))
        .isEqualTo(
            "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"SHUTDOWN\","
                + " \"data\": {\"guest\": false, \"reason\": \"host-qmp-quit\"}}");
    assertThat(JsonWriter.toText(JsonStream.parse("{'error': {}, 'id': 1}")))
        .isEqualTo("{\"id\": 1, \"error\": {}}");
    assertThat(JsonWriter.toText(JsonStream.parse("{'id': 1, 'return': {}}")))
        .isEqualTo("{\"return\": {}, \"id\": 1}");
  }

  @Test
  void printsPrettily() throws JsonSyntaxException {
    assertThat(JsonWriter.toPrettyText(JsonStream.parse("{'return': {}, 'id': [1, [], {'a': 2}]}")))
        .isEqualTo(
            """
            {
                "return": {
                },
                "id": [
                    1,
                    [
                    ],
                    {
                        "a": 2
                    }
                ]
            }\
            """);
  }

  @Test
  void aMonitorEndsLinesWithCrLf() throws JsonSyntaxException {
    JsonWriter writer = JsonWriter.forMonitor(true);
    writer.write(JsonStream.parse("[1]"));
    writer.endLine();
    assertThat(new String(writer.bytes(), 0, writer.length(), US_ASCII))
        .isEqualTo("[\r\n    1\r\n]\r\n");
    writer.drop(3);
    assertThat(writer.length()).isEqualTo("    1\r\n]\r\n".length());
    assertThat(writer.bytes()[4]).isEqualTo((byte) '1');
  }
}
