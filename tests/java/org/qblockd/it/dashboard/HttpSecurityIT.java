// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.dashboard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is refused. */
final class HttpSecurityIT {
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir private static Path directory;
  private static WebServer server;

  @BeforeAll
  static void start() throws Exception {
    server = WebServer.start(directory, "127.0.0.1:0");
  }

  @AfterAll
  static void end() {
    if (server != null) {
      server.close();
    }
  }

  /** Sends bytes as they are, and reads until the server closes; lines end with CR LF. */
  private static String raw(String... lines) throws IOException {
    try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
      socket.setSoTimeout((int) WebServer.LIMIT.toMillis());
      String text = String.join("\r\n", lines) + "\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String ours() {
    return server.url().getHost() + ":" + server.url().getPort();
  }

  private static int status(String reply) {
    return reply.isEmpty() ? 0 : Integer.parseInt(reply.split(" ")[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "[::1].evil.example",
        ""
      })
  void foreignHostsAreRefused(String host) throws Exception {
    String reply = raw("GET /healthz HTTP/1.1", "Host: " + host, "Connection: close");
    assertThat(status(reply)).isIn(400, 421);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]", "LOCALHOST"})
  void ourHostsAreServed(String host) throws Exception {
    String place = host + ":" + server.url().getPort();
    assertThat(status(raw("GET /healthz HTTP/1.1", "Host: " + place, "Connection: close")))
        .isEqualTo(200);
  }

  @Test
  void aHostSaidTwiceIsRefused() throws Exception {
    String reply =
        raw("GET /healthz HTTP/1.1", "Host: " + ours(), "Host: evil.example", "Connection: close");
    assertThat(status(reply)).isIn(400, 421);
  }

  @Test
  void noHostIsRefused() throws Exception {
    assertThat(status(raw("GET /healthz HTTP/1.0", "Connection: close"))).isIn(400, 421);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "null",
        "https://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost.evil.example"
      })
  void foreignOriginsAreRefused(String origin) throws Exception {
    HttpResponse<String> response =
        server.send(
            server
                .request("/qmp/query-status")
                .header("Origin", origin)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(server.send(server.request("/metrics").header("Origin", origin)).statusCode())
        .isEqualTo(403);
  }

  @Test
  void ourOriginIsServed() throws Exception {
    HttpResponse<String> response =
        server.send(server.request("/metrics").header("Origin", "http://" + ours()));
    assertThat(response.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "cross-site, no-cors, image, 403",
    "same-site, cors, empty, 403",
    "cross-site, navigate, iframe, 403",
    "cross-site, navigate, document, 200",
    "same-origin, cors, empty, 200"
  })
  void pagesOfOthersMayOnlyLinkHere(String site, String mode, String destination, int status)
      throws Exception {
    HttpResponse<String> response =
        server.send(
            server
                .request("/")
                .header("Sec-Fetch-Site", site)
                .header("Sec-Fetch-Mode", mode)
                .header("Sec-Fetch-Dest", destination));
    assertThat(response.statusCode()).isEqualTo(status);
  }

  @Test
  void webSocketOfAForeignOriginIsRefused() throws Exception {
    assertThat(beginOfReply(upgrade("http://evil.example"))).isEqualTo("HTTP/1.1 403");
  }

  @Test
  void webSocketOfOurOriginIsOpened() throws Exception {
    assertThat(beginOfReply(upgrade("http://" + ours()))).isEqualTo("HTTP/1.1 101");
  }

  /** The server does not close the connection of an upgrade, whether it agrees or not. */
  private static String beginOfReply(String... lines) throws IOException {
    try (Socket socket = new Socket(server.url().getHost(), server.url().getPort())) {
      socket.setSoTimeout((int) WebServer.LIMIT.toMillis());
      String text = String.join("\r\n", lines) + "\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
    }
  }

  private static String[] upgrade(String origin) {
    return new String[] {
      "GET /events/ws HTTP/1.1",
      "Host: " + ours(),
      "Origin: " + origin,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/./app.js",
        "/qmp/../metrics",
        "/app.js%00.html",
        "/..\\..\\etc\\passwd",
        "/files.txt/",
        "/org/qblockd/dashboard/page/index.html",
        "/;/metrics",
        "http://evil.example/metrics"
      })
  void tricksWithPathsAreRefused(String path) throws Exception {
    String reply = raw("GET " + path + " HTTP/1.1", "Host: " + ours(), "Connection: close");
    assertThat(status(reply)).isIn(400, 404);
    assertThat(reply).doesNotContain("root:");
  }

  @Test
  void hugeHeadersAreRefused() throws Exception {
    String reply =
        raw("GET / HTTP/1.1", "Host: " + ours(), "X: " + "y".repeat(100_000), "Connection: close");
    assertThat(status(reply)).isIn(400, 431);
  }

  @Test
  void bodiesOfFormsAreRefused() throws Exception {
    HttpResponse<String> response =
        server.send(
            server
                .request("/qmp/quit")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{}=")));
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(server.process().isAlive()).isTrue();
  }

  @Test
  void pagesForbidWhatTheyDoNotNeed() throws Exception {
    HttpResponse<String> page = server.get("/");
    String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertThat(policy)
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    for (InetAddress each : InetAddress.getAllByName(InetAddress.getLocalHost().getHostName())) {
      if (!each.isLoopbackAddress()) {
        assertThat(reachable(new InetSocketAddress(each, server.url().getPort()))).isFalse();
      }
    }
    assertThat(server.url().getHost()).isEqualTo("127.0.0.1");
  }

  private static boolean reachable(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  // ---- token and TLS --------------------------------------------------------------------------

  private static Path token(Path place) throws IOException {
    return Files.writeString(place.resolve("token"), TOKEN + "\n");
  }

  @Test
  void otherAddressesWantTokenAndTls(@TempDir Path other) throws Exception {
    assertThat(failure(other, "0.0.0.0:0")).contains("needs token-file, tls-cert and tls-key");
    assertThat(failure(other, "0.0.0.0:0,token-file=" + token(other)))
        .contains("needs token-file, tls-cert and tls-key");
    assertThat(failure(other, "127.0.0.1:0,tls-cert=a")).contains("go together");
    assertThat(failure(other, "127.0.0.1:99999")).contains("expects [HOST:]PORT");
    assertThat(failure(other, "127.0.0.1:0,token-file=" + other.resolve("none")))
        .contains("cannot read the token");
    Path brief = Files.writeString(other.resolve("brief"), "abc\n");
    assertThat(failure(other, "127.0.0.1:0,token-file=" + brief)).contains("less than 16");
    assertThat(failure(other, "127.0.0.1:" + server.url().getPort())).contains("cannot listen on");
  }

  /** What a server says that does not start. */
  private static String failure(Path place, String option) throws Exception {
    String launcher = System.getProperty("qblockd.launcher", "bin/qblockd");
    Process process =
        new ProcessBuilder(
                Path.of(launcher).toAbsolutePath().toString(),
                "-machine",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-x-dashboard",
                option)
            .directory(place.toFile())
            .start();
    String said = new String(process.getErrorStream().readAllBytes(), ISO_8859_1);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    return said;
  }

  @Test
  void withoutTheTokenNothingIsTold(@TempDir Path other) throws Exception {
    try (WebServer closed = WebServer.start(other, "127.0.0.1:0,token-file=" + token(other))) {
      for (String path : List.of("/metrics", "/events", "/openapi.json", "/app.js", "/figures")) {
        assertThat(closed.get(path).statusCode()).as(path).isEqualTo(401);
      }
      assertThat(closed.post("/qmp/query-status", "{}").statusCode()).isEqualTo(401);
      assertThat(closed.get("/").statusCode()).isEqualTo(303);
      assertThat(closed.get("/login").statusCode()).isEqualTo(200);
      assertThat(closed.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(bearer(closed, TOKEN + "0")).isEqualTo(401);
      assertThat(bearer(closed, "")).isEqualTo(401);
      assertThat(bearer(closed, TOKEN)).isEqualTo(200);
    }
  }

  private static int bearer(WebServer asked, String token) throws Exception {
    return asked
        .send(asked.request("/metrics").header("Authorization", "Bearer " + token))
        .statusCode();
  }

  @Test
  void aBrowserGivesTheTokenOnce(@TempDir Path other) throws Exception {
    HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    String option = "127.0.0.1:0,token-file=" + token(other);
    try (WebServer closed = WebServer.start(other, browser, option)) {
      assertThat(login(closed, "wrong").headers().firstValue("Location")).hasValue("/login?wrong");
      assertThat(closed.get("/metrics").statusCode()).isEqualTo(401);
      HttpResponse<String> in = login(closed, TOKEN);
      assertThat(in.headers().firstValue("Location")).hasValue("/");
      assertThat(in.headers().firstValue("Set-Cookie").orElse(""))
          .containsIgnoringCase("HttpOnly")
          .contains("SameSite=Strict")
          .doesNotContain(TOKEN);
      assertThat(closed.get("/metrics").statusCode()).isEqualTo(200);
      closed.send(closed.request("/logout").POST(HttpRequest.BodyPublishers.noBody()));
      assertThat(closed.get("/metrics").statusCode()).isEqualTo(401);
    }
  }

  private static HttpResponse<String> login(WebServer asked, String token) throws Exception {
    return asked.send(
        asked
            .request("/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("token=" + token)));
  }

  @Test
  void tlsForOtherAddresses(@TempDir Path other) throws Exception {
    Path key = other.resolve("key.pem");
    Path certificate = other.resolve("cert.pem");
    List<String> command =
        new ArrayList<>(
            Arrays.asList(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                    .split(" ")));
    command.addAll(List.of("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"));
    command.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString()));
    Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(new String(openssl.getInputStream().readAllBytes(), ISO_8859_1)).isNotNull();
    assertThat(openssl.waitFor()).isZero();
    String option =
        "0.0.0.0:0,name=localhost,token-file="
            + token(other)
            + ",tls-cert="
            + certificate
            + ",tls-key="
            + key;
    HttpClient trusting = HttpClient.newBuilder().sslContext(trust(certificate)).build();
    try (WebServer secure = WebServer.start(other, trusting, option)) {
      assertThat(secure.url().getScheme()).isEqualTo("https");
      assertThat(bearer(secure, TOKEN)).isEqualTo(200);
      assertThat(secure.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(secure.get("/login").headers().firstValue("Strict-Transport-Security"))
          .isPresent();
    }
  }

  private static SSLContext trust(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      Certificate read = CertificateFactory.getInstance("X.509").generateCertificate(in);
      store.setCertificateEntry("server", read);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
