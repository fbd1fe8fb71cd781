// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which starts have a dashboard, and what the others do not pay. */
final class DashboardStartIT {
  private static final List<String> BARE =
      List.of("-machine", "none", "-nodefaults", "-display", "none", "-qmp", "stdio");

  @TempDir private Path directory;

  private Process start(List<String> arguments, String javaOptions) throws IOException {
    String launcher = System.getProperty("qblockd.launcher", "bin/qblockd");
    List<String> command = new ArrayList<>(List.of(Path.of(launcher).toAbsolutePath().toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
    builder.environment().put("XDG_DATA_HOME", directory.toString());
    builder.environment().put("QBLOCKD_JAVA_OPTS", javaOptions);
    return builder.redirectError(directory.resolve("stderr").toFile()).start();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x-dashboard off"})
  void aStartWithoutItLoadsNothingOfIt(String more) throws Exception {
    Path loaded = directory.resolve("loaded");
    List<String> arguments = new ArrayList<>(BARE);
    if (!more.isEmpty()) {
      arguments.addAll(Arrays.asList(more.split(" ")));
    }
    Process process = start(arguments, "-Xlog:class+load:file=" + loaded);
    String talk = "{'execute':'qmp_capabilities'} {'execute':'query-block'} {'execute':'quit'}";
    process.getOutputStream().write(talk.getBytes(UTF_8));
    process.getOutputStream().flush();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(said).contains("SHUTDOWN");
    assertThat(Files.readString(loaded))
        .contains("org.qblockd.app.Server")
        .doesNotContain("io.vertx", "io.netty", "io.micrometer", "com.networknt", "databind")
        .doesNotContain("org.qblockd.dashboard.Dashboard ");
    assertThat(directory.resolve("stderr")).isEmptyFile();
  }

  @Test
  void theExampleHasOne() throws Exception {
    Process process = start(List.of("-x-dashboard", "127.0.0.1:0"), "");
    try {
      String line = lineWith(process, "dashboard ");
      URI url = URI.create(line.substring(line.indexOf("http://")));
      HttpRequest request = HttpRequest.newBuilder(url).timeout(WebServer.LIMIT).build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        HttpResponse<String> page = http.send(request, BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>qblockd</title>");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theExampleCanDoWithout() throws Exception {
    Process process = start(List.of("-x-dashboard", "off"), "");
    try {
      assertThat(lineWith(process, "dashboard ")).endsWith("none");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String lineWith(Process process, String text) throws IOException {
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    String line = out.readLine();
    while (line != null && !line.contains(text)) {
      line = out.readLine();
    }
    assertThat(line).as("a line with " + text).isNotNull();
    return String.valueOf(line);
  }
}
