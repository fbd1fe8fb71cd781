// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the harness takes as equal and what not; no server is started. */
final class HarnessTest {
  private final Comparison comparison = new Comparison(new Bindings(Path.of("/scratch")));

  private Optional<String> difference(String expected, String actual) {
    return comparison.difference(JsonReader.parse(expected), JsonReader.parse(actual));
  }

  @Test
  void memberOrderDoesNotCountButArrayOrderDoes() {
    assertThat(difference("{\"a\": 1, \"b\": [1, 2]}", "{\"b\": [1, 2], \"a\": 1}")).isEmpty();
    assertThat(difference("{\"b\": [1, 2]}", "{\"b\": [2, 1]}"))
        .contains(".b[0]: expected 1, got 2");
  }

  @Test
  void integersAreExact() {
    assertThat(difference("{\"a\": 9007199254740993}", "{\"a\": 9007199254740992}")).isPresent();
    assertThat(difference("{\"a\": 1}", "{\"a\": 1.0}")).isPresent();
  }

  @Test
  void missingAndAdditionalMembersAreDifferences() {
    assertThat(difference("{\"a\": 1}", "{}")).contains(".a: missing, expected 1");
    assertThat(difference("{}", "{\"a\": 1}")).contains(".a: not expected, got 1");
  }

  @Test
  void eventsMustCarryATimestamp() {
    assertThat(difference("{\"event\": \"STOP\"}", "{\"event\": \"STOP\"}")).isPresent();
    assertThat(
            difference(
                "{\"event\": \"STOP\"}",
                "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1, \"microseconds\": 2}}"))
        .isEmpty();
  }

  @Test
  void aGeneratedNodeNameStaysTheSame() {
    String expected = "[\"$NODE1\", \"node '$NODE1' in $DIR/x\"]";
    assertThat(difference(expected, "[\"#block12\", \"node '#block12' in /scratch/x\"]")).isEmpty();
    assertThat(difference(expected, "[\"#block13\", \"node '#block13' in /scratch/x\"]"))
        .isPresent();
  }

  @Test
  void placeholdersAskForTypes() {
    assertThat(difference("[\"$INT\", \"$STR\", \"$ANY\"]", "[5, \"x\", null]")).isEmpty();
    assertThat(difference("[\"$INT\"]", "[\"5\"]")).isPresent();
    assertThat(difference("[\"$/a+/\"]", "[\"aab\"]")).isPresent();
  }

  @Test
  void namesThatBeginWithJsonAreObjects() {
    assertThat(
            difference(
                "[\"json:{\\\"a\\\": 1, \\\"b\\\": 2}\"]",
                "[\"json:{\\\"b\\\": 2, \\\"a\\\": 1}\"]"))
        .isEmpty();
  }

  @Test
  void ratesAndTheProgramsNameAreTakenOut() {
    assertThat(OutputText.normalize("64 KiB, 1 ops; 00.00 sec (1.5 MiB/sec and 6.1 ops/sec)"))
        .isEqualTo("64 KiB, 1 ops; $TIME ($RATE)");
    assertThat(OutputText.normalize("qblockd: -x: invalid option"))
        .isEqualTo("$PROG: -x: invalid option");
  }

  @Test
  void aWrongLineIsNamed() {
    assertThatThrownBy(
            () -> new ConversationParser(Path.of("f.qmp")).parse(List.of("# note", "<- {")))
        .hasMessageStartingWith("f.qmp:2: ");
  }

  @Test
  void escapesBecomeBytes() {
    Conversation talk =
        new ConversationParser(Path.of("f.qmp")).parse(List.of("->\\| a\\x5b*3\\n\\\\"));
    assertThat(((Step.Send) talk.steps().getFirst()).bytes()).isEqualTo("a[[[\n\\");
  }
}
