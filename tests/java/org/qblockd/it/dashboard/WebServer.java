// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running qblockd with a dashboard on a port of its own, and what a test asks it by HTTP. One
 * test thread.
 */
final class WebServer implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final URI url;
  private final HttpClient http;

  private WebServer(Process process, URI url, HttpClient http) {
    this.process = process;
    this.url = url;
    this.http = http;
  }

  /** Starts a server without a machine; {@code dashboard} stands behind {@code -x-dashboard}. */
  static WebServer start(Path directory, String dashboard, String... arguments) throws IOException {
    return start(directory, HttpClient.newHttpClient(), dashboard, arguments);
  }

  /** The same with a client that, say, trusts a certificate. */
  static WebServer start(Path directory, HttpClient http, String dashboard, String... arguments)
      throws IOException {
    String launcher = System.getProperty("qblockd.launcher", "bin/qblockd");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(launcher).toAbsolutePath().toString(),
                "-machine",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-x-dashboard",
                dashboard));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
    process.getOutputStream().close();
    BufferedReader errors =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
    String said = errors.readLine();
    int at = said == null ? -1 : said.indexOf("dashboard on ");
    if (at < 0) {
      process.destroyForcibly();
      throw new AssertionError("no dashboard; the server said " + said);
    }
    URI url = URI.create(said.substring(at + "dashboard on ".length()));
    return new WebServer(process, url, http);
  }

  URI url() {
    return url;
  }

  HttpClient http() {
    return http;
  }

  Process process() {
    return process;
  }

  /** A request for a path of this server. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).timeout(LIMIT);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  /** Posts a body of JSON. */
  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Runs a command that must succeed; an object or array comes back, else null members. */
  Object command(String command, String arguments) throws IOException, InterruptedException {
    HttpResponse<String> response = post("/qmp/" + command, arguments.replace('\'', '"'));
    if (response.statusCode() != 200) {
      throw new AssertionError(command + ": " + response.statusCode() + " " + response.body());
    }
    return new JsonObject(response.body()).getValue("return");
  }

  JsonArray list(String command, String arguments) throws IOException, InterruptedException {
    return (JsonArray) command(command, arguments);
  }

  /** Waits for the end; the exit status. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("no end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
