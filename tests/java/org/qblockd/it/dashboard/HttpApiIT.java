// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** QMP over HTTP as a program uses it. */
final class HttpApiIT {
  @TempDir private static Path directory;
  private static WebServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        WebServer.start(
            directory, "127.0.0.1:0", "-drive", "if=none,id=drive0,driver=null-co,size=64M");
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void runsACommand() throws Exception {
    HttpResponse<String> response = server.post("/qmp/query-status", "{}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(new JsonObject(response.body()).getJsonObject("return").getString("status"))
        .isEqualTo("running");
  }

  @Test
  void aBodyMayBeAbsent() throws Exception {
    HttpResponse<String> response =
        server.send(server.request("/qmp/query-name").POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void largeNumbersStayExact() throws Exception {
    server.command(
        "blockdev-add", "{'driver':'null-co','node-name':'large','size':9223372035781033984}");
    JsonArray nodes = server.list("query-named-block-nodes", "{'flat':true}");
    assertThat(nodes.encode()).contains("\"virtual-size\":9223372035781033984");
    server.command("blockdev-del", "{'node-name':'large'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no-such          | {}                           | 404 | CommandNotFound | The command no-such has not been found
          block_resize     | {"size":1}                   | 422 | GenericError    | Cannot find device='' nor node-name=''
          blockdev-add     | {"driver":"x"}               | 400 | GenericError    | Parameter 'driver' does not accept value 'x'
          blockdev-add     | {"driver":"file"}            | 400 | GenericError    | Parameter 'filename' is missing
          blockdev-del     | {"node-name":"x"}            | 422 | GenericError    | Failed to find node with node-name='x'
          blockdev-del     | {}                           | 400 | GenericError    | Parameter 'node-name' is missing
          blockdev-del     | {"node-name":1}              | 400 | GenericError    | Invalid parameter type for 'node-name', expected: string
          blockdev-del     | {"node-name":"x","y":1}      | 400 | GenericError    | Parameter 'y' is unexpected
          job-pause        | {"id":"x"}                   | 422 | GenericError    | Job not found
          block-job-pause  | {"device":"x"}               | 404 | DeviceNotActive | Block job 'x' not found
          eject            | {"device":"x"}               | 404 | DeviceNotFound  | Device 'x' not found
          query-status     | []                           | 400 | GenericError    | the body must be a JSON object: the command's arguments
          query-status     | {                            | 400 | GenericError    | the body must be a JSON object: the command's arguments
          """)
  void errorsAreQemusWithAStatus(
      String command, String body, int status, String errorClass, String sentence)
      throws Exception {
    HttpResponse<String> response = server.post("/qmp/" + command, body);
    JsonObject error = new JsonObject(response.body()).getJsonObject("error");
    assertThat(error.getString("desc")).isEqualTo(sentence);
    assertThat(error.getString("class")).isEqualTo(errorClass);
    int expected = errorClass.equals("DeviceNotActive") ? 409 : status;
    assertThat(response.statusCode()).isEqualTo(expected);
  }

  @Test
  void findingsNameTheirPlace() throws Exception {
    HttpResponse<String> response =
        server.post(
            "/qmp/block-dirty-bitmap-add",
            "{\"node\":\"drive0\",\"name\":\"b\",\"granularity\":-1}");
    assertThat(response.statusCode()).isEqualTo(400);
    JsonObject finding =
        new JsonObject(response.body()).getJsonArray("violations").getJsonObject(0);
    assertThat(finding.getString("at")).isEqualTo("/granularity");
    assertThat(finding.getString("keyword")).isEqualTo("minimum");
  }

  @Test
  void otherTypesAndMethodsAreRefused() throws Exception {
    HttpResponse<String> text =
        server.send(
            server
                .request("/qmp/query-status")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(server.get("/qmp/query-status").statusCode()).isEqualTo(405);
    assertThat(server.get("/nothing").statusCode()).isEqualTo(404);
    HttpResponse<String> huge =
        server.post("/qmp/query-status", "{\"a\":\"" + "x".repeat(2 << 20) + "\"}");
    assertThat(huge.statusCode()).isEqualTo(413);
  }

  @Test
  void manyAtOnceAreAnswered() throws Exception {
    List<java.util.concurrent.CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      HttpRequest.Builder request =
          server
              .request("/qmp/query-block")
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{}"));
      all.add(server.http().sendAsync(request.build(), BodyHandlers.ofString()));
    }
    for (var each : all) {
      assertThat(each.join().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void healthAndReadiness() throws Exception {
    assertThat(server.get("/healthz").body()).isEqualTo("{\"state\":\"alive\"}");
    assertThat(server.get("/readyz").body()).isEqualTo("{\"state\":\"ready\"}");
  }

  // ---- streams --------------------------------------------------------------------------------

  /** Reads server-sent events until one has the text; returns the lines of all. */
  private static List<String> sse(
      String path, @Nullable String lastId, Trigger trigger, String text) throws Exception {
    HttpRequest.Builder request = server.request(path);
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<java.io.InputStream> response =
        server.http().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    List<String> lines = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      String line = in.readLine();
      while (line != null && !line.contains("event: hello")) {
        lines.add(line);
        line = in.readLine();
      }
      trigger.run();
      while (line != null && !line.contains(text)) {
        lines.add(line);
        line = in.readLine();
      }
      lines.add(String.valueOf(line));
    }
    return lines;
  }

  private interface Trigger {
    void run() throws Exception;
  }

  private static String id(List<String> lines) {
    return lines.stream().filter(each -> each.startsWith("id: ")).toList().getLast().substring(4);
  }

  /** A job that is over at once: created, running, …, null. */
  private static void job(String id) throws Exception {
    server.command(
        "blockdev-create",
        "{'job-id':'" + id + "','options':{'driver':'file','filename':'" + id + "','size':0}}");
  }

  @Test
  void eventsComeAsTheyHappen() throws Exception {
    List<String> lines = sse("/events", null, () -> job("j1"), "concluded");
    assertThat(lines).contains("event: event");
    assertThat(lines.getLast()).contains("JOB_STATUS_CHANGE").contains("\"id\":\"j1\"");
    server.command("job-dismiss", "{'id':'j1'}");
  }

  @Test
  void whoComesBackHasMissedNothing() throws Exception {
    String seen = id(sse("/events?kind=all", null, () -> job("j2"), "\"status\":\"created\""));
    sse("/events?kind=all", seen, () -> {}, "concluded");
    server.command("job-dismiss", "{'id':'j2'}");
    List<String> missed = sse("/events?kind=all", seen, () -> {}, "job-dismiss");
    assertThat(missed).noneMatch(each -> each.startsWith("event: gap"));
    assertThat(String.join("\n", missed)).contains("concluded").doesNotContain("\"created\"");
  }

  @Test
  void anIdOfAnotherRunIsToldAsAGap() throws Exception {
    assertThat(sse("/events", "00000000-5", () -> {}, "event: gap").getLast())
        .isEqualTo("event: gap");
  }

  @Test
  void filterByNameAndKind() throws Exception {
    List<String> lines =
        sse(
            "/events?kind=command&name=query-n*,job-*",
            null,
            () -> {
              server.command("query-status", "{}");
              server.command("query-name", "{}");
            },
            "data: {\"command\"");
    assertThat(lines.getLast()).contains("query-name").contains("\"source\":\"http\"");
    assertThat(server.get("/events?kind=all&name=*(").statusCode()).isEqualTo(400);
    assertThat(server.get("/events?kind=nonsense").statusCode()).isEqualTo(400);
  }

  @Test
  void webSocketTellsTheSame() throws Exception {
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    URI url =
        URI.create(server.url().toString().replace("http:", "ws:")).resolve("/events/ws?kind=all");
    WebSocket socket =
        server.http().newWebSocketBuilder().buildAsync(url, new Collector(messages)).join();
    JsonObject hello = new JsonObject(take(messages));
    assertThat(hello.getString("kind")).isEqualTo("hello");
    server.command("query-uuid", "{}");
    JsonObject item = new JsonObject(take(messages));
    while (!item.encode().contains("query-uuid")) {
      item = new JsonObject(take(messages));
    }
    assertThat(item.getString("kind")).isEqualTo("command");
    socket.abort();
  }

  private static String take(BlockingQueue<String> messages) throws InterruptedException {
    String message = messages.poll(WebServer.LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(message).as("a message").isNotNull();
    return message;
  }

  private record Collector(BlockingQueue<String> messages) implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      messages.add(text.toString());
      from.request(1);
      return null;
    }
  }

  @Test
  void secretsAreNotShown() throws Exception {
    List<String> lines =
        sse(
            "/events?kind=command&name=object-add",
            null,
            () ->
                server.command(
                    "object-add", "{'qom-type':'secret','id':'s0','data':'letmein-please'}"),
            "data: {\"command\"");
    assertThat(lines.getLast()).contains("(hidden)").doesNotContain("letmein");
    server.command("object-del", "{'id':'s0'}");
  }

  // ---- documents ------------------------------------------------------------------------------

  @Test
  void openApiDescribesAllCommands() throws Exception {
    JsonObject document = new JsonObject(server.get("/openapi.json").body());
    assertThat(document.getString("openapi")).startsWith("3.1");
    JsonObject paths = document.getJsonObject("paths");
    for (Object each : server.list("query-commands", "{}")) {
      String name = ((JsonObject) each).getString("name");
      assertThat(paths.fieldNames()).contains("/qmp/" + name);
    }
    JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
    Pattern reference = Pattern.compile("\"\\$ref\":\"#/components/schemas/([^\"]+)\"");
    reference
        .matcher(document.encode())
        .results()
        .map(each -> each.group(1))
        .distinct()
        .forEach(name -> assertThat(schemas.containsKey(name)).as(name).isTrue());
    assertThat(document.encode()).doesNotContain("$defs");
  }

  @Test
  void metricsCountWhatHappens() throws Exception {
    server.command(
        "human-monitor-command", "{'command-line':'qemu-io drive0 \\\"write -P 7 0 1M\\\"'}");
    server.command("block-dirty-bitmap-add", "{'node':'drive0','name':'m'}");
    server.command(
        "human-monitor-command", "{'command-line':'qemu-io drive0 \\\"write -P 7 0 1M\\\"'}");
    server.post("/qmp/job-pause", "{\"id\":\"nobody\"}");
    String metrics = server.get("/metrics").body();
    assertThat(metrics)
        .contains("qblockd_drive_bytes_total{drive=\"drive0\"")
        .contains("qblockd_node_in_flight{driver=\"null-co\"")
        .contains("qblockd_node_dirty_bytes{bitmap=\"m\"")
        .contains("qblockd_qmp_errors_total{class=\"GenericError\",command=\"job-pause\"}")
        .contains("qblockd_qmp_command_seconds_bucket{command=\"job-pause\"");
    assertThat(value(metrics, "qblockd_node_dirty_bytes{bitmap=\"m\"")).isEqualTo(1 << 20);
    assertThat(value(metrics, "qblockd_node_bytes_total")).isGreaterThanOrEqualTo(2 << 20);
    server.command("block-dirty-bitmap-remove", "{'node':'drive0','name':'m'}");
  }

  @Test
  void latencyHistogramsOfDrivesAreShownWhereTheyAreKept(@TempDir Path other) throws Exception {
    String[] disk = {
      "-M", "pc", "-drive", "if=none,id=d0,driver=null-co", "-device", "ide-hd,drive=d0,id=hd0"
    };
    try (WebServer second = WebServer.start(other, "127.0.0.1:0", disk)) {
      second.command("block-latency-histogram-set", "{'id':'hd0','boundaries':[1000,1000000]}");
      String metrics = second.get("/metrics").body();
      assertThat(metrics).contains("qblockd_drive_latency_seconds_bucket").contains("le=\"0.001\"");
    }
  }

  private static double value(String metrics, String beginning) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .max()
        .orElseThrow(() -> new AssertionError("no " + beginning));
  }

  @Test
  void quitIsAnsweredAndEndsTheServer(@TempDir Path other)
      throws IOException, InterruptedException {
    try (WebServer second = WebServer.start(other, "127.0.0.1:0")) {
      assertThat(second.post("/qmp/quit", "{}").body()).isEqualTo("{\"return\":{}}");
      assertThat(second.awaitExit()).isZero();
    }
  }
}
