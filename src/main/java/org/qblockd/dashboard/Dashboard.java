// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Secrets;
import org.qblockd.monitor.Backend;
import org.qblockd.monitor.EventBus;
import org.qblockd.monitor.Monitor;
import org.qblockd.monitor.WatchedCommands;
import org.qblockd.qapi.BodyCheck;

/**
 * The HTTP server of the dashboard. Started on the main thread, closed on the control lane;
 * everything else happens on the one event loop of Vert.x.
 */
public final class Dashboard {
  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_LINE_BYTES = 4096;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_MESSAGE_BYTES = 64 * 1024;
  private static final int IDLE_SECONDS = 60;
  private static final int MIN_TOKEN = 16;
  private static final long START_SECONDS = 60;
  private static final long CLOSE_MILLIS = 500;

  /**
   * What the server gives to its dashboard.
   *
   * @param backend of the monitors
   * @param commands to be watched; those of {@code backend}
   * @param bugs told of what should not happen, with a place; any thread
   */
  public record Host(
      Backend backend,
      WatchedCommands commands,
      EventBus events,
      Figures figures,
      String version,
      BiConsumer<String, Throwable> bugs) {}

  private final Host host;
  private final Vertx vertx;
  private final StreamRoutes streams;
  private final HttpServer server;
  private final Router router;
  private final String scheme;
  private final String shownHost;
  private int connections;

  private Dashboard(Host host, DashboardOptions options, Optional<String> token) {
    this.host = host;
    vertx = vertx();
    vertx.exceptionHandler(bug -> host.bugs().accept("dashboard", bug));
    scheme = options.secure() ? "https" : "http";
    shownHost = options.name().orElse(shown(options.host()));
    EventHub hub = new EventHub(Secrets.next().substring(0, 8));
    streams = new StreamRoutes(vertx, hub);
    router = Router.router(vertx);
    Logins logins = new Logins(vertx, token, options.secure());
    router.route().handler(new Guard(options.secure(), options.name(), token, logins));
    logins.mount(router);
    streams.mount(router);
    for (int status : new int[] {400, 404, 405, 413, 415}) {
      router.errorHandler(status, request -> Answers.refuse(request, status, reason(status)));
    }
    router.errorHandler(
        500,
        request -> {
          Throwable bug = request.failure();
          host.bugs().accept("dashboard", bug == null ? new IllegalStateException() : bug);
          Answers.refuse(request, 500, "Internal error: " + bug);
        });
    server = vertx.createHttpServer(serverOptions(options)).requestHandler(router);
    connectionLimit();
    Context loop = vertx.getOrCreateContext();
    BodyCheck check = new BodyCheck();
    Watch watch = new Watch(loop, hub, check);
    CountDownLatch begun = new CountDownLatch(1);
    loop.runOnContext(unused -> {
      begin(loop, hub, watch, check);
      begun.countDown();
    });
    awaitBegin(begun);
  }

  private static void awaitBegin(CountDownLatch begun) {
    try {
      begun.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On the event loop: the sessions, and what needs them. */
  private void begin(Context loop, EventHub hub, Watch watch, BodyCheck check) {
    InnerClient client = new InnerClient(new Monitor(host.backend(), false, false), loop, e -> {});
    Monitor heard = new Monitor(host.backend(), false, false);
    InnerClient quiet = new InnerClient(heard, loop, watch::event);
    host.events().add(heard);
    Metrics metrics = new Metrics(loop, quiet, host.figures(), hub);
    watch.begin(client.session(), quiet.session(), metrics);
    host.commands().watch(watch);
    new CommandRoutes(client, quiet, check).mount(router);
    metrics.mount(router);
    new StateRoutes(vertx, quiet, metrics, host.version()).mount(router);
    new Page().mount(router);
  }

  /**
   * Opens the dashboard.
   *
   * @throws BlockException when it cannot be, with what the user is told
   */
  public static Dashboard open(Host host, DashboardOptions options) throws BlockException {
    Optional<String> token = token(options);
    check(options, token);
    Dashboard dashboard = new Dashboard(host, options, token);
    String place = options.host() + ":" + options.port();
    try {
      HttpServer unused =
          dashboard
              .server
              .listen(options.port(), options.host())
              .await(START_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      // What listening failed with is thrown as it is, though await does not say so.
      dashboard.close();
      throw BlockException.invalid("the dashboard cannot listen on " + place + ": " + reason(e));
    }
    return dashboard;
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static Optional<String> token(DashboardOptions options) throws BlockException {
    if (options.tokenFile().isEmpty()) {
      return Optional.empty();
    }
    String file = options.tokenFile().get();
    try {
      List<String> lines = Files.readAllLines(Path.of(file), UTF_8);
      String token = lines.isEmpty() ? "" : lines.getFirst().strip();
      if (token.length() < MIN_TOKEN) {
        throw BlockException.invalid(
            "the token in '" + file + "' has less than " + MIN_TOKEN + " characters");
      }
      return Optional.of(token);
    } catch (IOException e) {
      throw BlockException.invalid("cannot read the token in '" + file + "': " + e.getMessage());
    }
  }

  /** Where others can reach it, it must know them, and nobody may listen in. */
  private static void check(DashboardOptions options, Optional<String> token)
      throws BlockException {
    try {
      if (InetAddress.getByName(options.host()).isLoopbackAddress()) {
        return;
      }
    } catch (IOException e) {
      throw BlockException.invalid("address resolution failed for " + options.host());
    }
    if (token.isEmpty() || !options.secure()) {
      throw BlockException.invalid(
          "a dashboard that others can reach needs token-file, tls-cert and tls-key");
    }
  }

  private static Vertx vertx() {
    // Without Unsafe there is nothing for the JVM to warn of; nobody here resolves names.
    System.setProperty("io.netty.noUnsafe", "true");
    System.setProperty("vertx.disableDnsResolver", "true");
    FileSystemOptions files =
        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(files));
  }

  private static HttpServerOptions serverOptions(DashboardOptions options) {
    HttpServerOptions server =
        new HttpServerOptions()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxWebSocketFrameSize(MAX_MESSAGE_BYTES)
            .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES)
            .setIdleTimeout(IDLE_SECONDS)
            // HTTP/1.1 only: the guard looks at its header Host.
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setTcpNoDelay(true);
    if (options.certificate().isPresent() && options.key().isPresent()) {
      server
          .setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(options.certificate().get())
                  .setKeyPath(options.key().get()))
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    }
    return server;
  }

  private void connectionLimit() {
    server.connectionHandler(connection -> {
      connections++;
      connection.closeHandler(unused -> connections--);
      if (connections > MAX_CONNECTIONS) {
        Future<Void> unused = connection.close();
      }
    });
  }

  private static String shown(String listens) {
    return listens.contains(":") ? "[" + listens + "]" : listens;
  }

  private static String reason(int status) {
    return switch (status) {
      case 400 -> "the request is malformed";
      case 404 -> "there is nothing here";
      case 405 -> "this method is not for this path";
      case 413 -> "the body is too long";
      default -> "the body is of a wrong type";
    };
  }

  /** Where to point a browser. */
  public String url() {
    return scheme + "://" + shownHost + ":" + server.actualPort() + "/";
  }

  /** Ends all streams and connections; waits a moment for replies that are under way. */
  public void close() {
    CountDownLatch closed = new CountDownLatch(1);
    vertx
        .getOrCreateContext()
        .runOnContext(unused -> {
          streams.close();
          server
              .shutdown(CLOSE_MILLIS, TimeUnit.MILLISECONDS)
              .eventually(vertx::close)
              .onComplete(done -> closed.countDown());
        });
    try {
      boolean unused = closed.await(2 * CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
