// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qblockd.it.Installation.Outcome;
import org.qblockd.it.Installation.Running;

/**
 * When the launcher builds, and that nobody hears it. A stand-in for mvn makes an empty jar and
 * notes that name no cache.
 */
final class LauncherBuildIT {
  private static final String MAKE_JAR =
      """
      target=$(dirname "$4")/target
      : >"$target/qblockd.jar"
      printf '%s\\n\\n\\n' "$JAVA" >"$target/qblockd.launch"
      """;

  @TempDir private Path scratch;

  private Installation checkout;

  @BeforeEach
  void checkOut() throws IOException {
    checkout = Installation.checkout(scratch);
  }

  private Map<String, String> environment(String maven) throws IOException {
    Map<String, String> environment =
        new HashMap<>(Installation.pathWith(checkout.recordingMaven(maven)));
    environment.put("QBLOCKD_JAVA", checkout.recordingJava().toString());
    return environment;
  }

  @Test
  void currentJarIsNotBuilt() throws Exception {
    Outcome outcome = checkout.run(environment(MAKE_JAR));
    assertThat(checkout.buildCount()).isZero();
    assertThat(outcome.arguments()).contains("-XX:AOTCache=" + checkout.cache());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "src/main/java/A.java", "qapi-schema/a.json"})
  void changedSourceIsBuiltOnce(String source) throws Exception {
    checkout.rewrite(checkout.file(source), new byte[1]);
    Map<String, String> environment = environment(MAKE_JAR);
    Outcome first = checkout.run(environment);
    assertThat(first.out()).startsWith("pid=").doesNotContain("noise");
    assertThat(first.err()).isEmpty();
    assertThat(checkout.buildCount()).isEqualTo(1);
    checkout.run(environment);
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  @Test
  void deletedSourceIsAChange() throws Exception {
    Files.delete(checkout.file("src/main/java/A.java"));
    checkout.run(environment(MAKE_JAR));
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  @Test
  void testsAreNoSources() throws Exception {
    Files.createDirectories(checkout.file("src/test/java"));
    checkout.run(environment(MAKE_JAR));
    assertThat(checkout.buildCount()).isZero();
  }

  @Test
  void missingJarIsBuilt() throws Exception {
    Files.delete(checkout.jar());
    Outcome outcome = checkout.run(environment(MAKE_JAR));
    assertThat(outcome.arguments()).contains("-jar");
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  @Test
  void startsAtOnceBuildOnce() throws Exception {
    Files.delete(checkout.jar());
    Map<String, String> environment = environment(MAKE_JAR);
    List<Running> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(checkout.start(environment, List.of(checkout.launcher().toString())));
    }
    for (Running start : starts) {
      assertThat(start.await().status()).isZero();
    }
    assertThat(checkout.buildCount()).isEqualTo(1);
  }

  @Test
  void failedBuildIsShownOnStandardErrorOnly() throws Exception {
    Files.delete(checkout.jar());
    Outcome outcome = checkout.run(environment("echo '[ERROR] no such thing'\nexit 1\n"));
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("[ERROR] no such thing\n")
        .endsWith(
            "qblockd: the build failed; all of it is in " + checkout.file("target/build.log\n"));
  }

  @Test
  void buildUnderWayTakesTheJarAsItIs() throws Exception {
    checkout.rewrite(checkout.file("pom.xml"), new byte[1]);
    Map<String, String> environment = environment(MAKE_JAR);
    environment.put("QBLOCKD_BUILDING", "1");
    assertThat(checkout.run(environment).status()).isZero();
    assertThat(checkout.buildCount()).isZero();
  }
}
