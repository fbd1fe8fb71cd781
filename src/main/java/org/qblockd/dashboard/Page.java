// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Secrets;

/**
 * The files of the web page, as the build has put them into the jar. Only names that the build has
 * listed are served: no path of a request ever becomes a path of a file. The event loop only.
 */
final class Page {
  private static final String PLACE = "/org/qblockd/dashboard/page/";

  /** Stands in the page for what allows its own script to make styles: new each time. */
  private static final String NONCE = "NONCE";

  private static final String NOT_BUILT =
      """
      <!doctype html><meta charset="utf-8"><title>qblockd</title>
      <h1>The page was not built</h1>
      <p>This qblockd was built on a machine without npm, so its web page is missing. The HTTP API
      is there: <a href="/openapi.json">/openapi.json</a>, <a href="/metrics">/metrics</a>.</p>
      <p>Install npm and build again: <code>mvn -Dquick clean package</code>.</p>
      """;

  private final Map<String, Buffer> files = new LinkedHashMap<>();

  Page() {
    Buffer list = read("files.txt");
    if (list != null) {
      for (String name : list.toString(UTF_8).split("\n")) {
        Buffer content = name.isEmpty() ? null : read(name);
        if (content != null) {
          files.put(name, content);
        }
      }
    }
    files.putIfAbsent("index.html", Buffer.buffer(NOT_BUILT));
  }

  void mount(Router router) {
    files.forEach((name, content) ->
        router.get(path(name)).handler(request -> serve(request, name, content)));
  }

  private static String path(String name) {
    return switch (name) {
      case "index.html" -> "/";
      case "login.html" -> "/login";
      default -> "/" + name;
    };
  }

  private static void serve(RoutingContext request, String name, Buffer content) {
    HttpServerResponse response = request.response();
    response.putHeader("Content-Type", type(name));
    if (name.equals("index.html")) {
      String nonce = Secrets.next();
      response.putHeader(Guard.POLICY, Guard.policy(nonce));
      content = Buffer.buffer(content.toString(UTF_8).replace(NONCE, nonce));
    }
    response.putHeader("Cache-Control", "no-cache");
    response.end(content);
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> "text/plain; charset=utf-8";
    };
  }

  private static @Nullable Buffer read(String name) {
    try (InputStream in = Page.class.getResourceAsStream(PLACE + name)) {
      return in == null ? null : Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
