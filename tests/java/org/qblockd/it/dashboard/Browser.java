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
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A page in a headless Chromium, driven by the DevTools protocol. What the page logs as an error,
 * or does not catch, is kept. One test thread.
 */
final class Browser implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = 60;
  private static final String LISTENING = "DevTools listening on ";

  private final Process process;
  private final HttpClient http;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonObject>> waiting;
  private final List<String> errors;
  private final String session;
  private int lastId;

  private Browser(Process process, URI devTools) throws Exception {
    this.process = process;
    http = HttpClient.newHttpClient();
    waiting = new ConcurrentHashMap<>();
    errors = new CopyOnWriteArrayList<>();
    socket = http.newWebSocketBuilder().buildAsync(devTools, new Listener()).join();
    JsonObject page = call(null, "Target.createTarget", new JsonObject().put("url", "about:blank"));
    JsonObject attach =
        new JsonObject().put("targetId", page.getString("targetId")).put("flatten", true);
    session = call(null, "Target.attachToTarget", attach).getString("sessionId");
    for (String domain : List.of("Page", "Runtime", "Log")) {
      call(domain + ".enable", new JsonObject());
    }
  }

  /** Whether there is a Chromium on this machine. */
  static boolean isInstalled() {
    return Files.isExecutable(program());
  }

  private static Path program() {
    return Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
  }

  /** Starts a browser that keeps its files in {@code directory}. */
  static Browser start(Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                program().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-component-update",
                "--user-data-dir=" + directory,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
    String line = said.readLine();
    while (line != null && !line.contains(LISTENING)) {
      line = said.readLine();
    }
    if (line == null) {
      throw new AssertionError("Chromium did not start");
    }
    Thread unused = Thread.startVirtualThread(() -> said.lines().forEach(each -> {}));
    return new Browser(process, URI.create(line.substring(line.indexOf("ws://"))));
  }

  // ---- the protocol ---------------------------------------------------------------------------

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(new JsonObject(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(JsonObject message) {
    Integer id = message.getInteger("id");
    CompletableFuture<JsonObject> reply = id == null ? null : waiting.remove(id);
    if (reply != null) {
      reply.complete(message);
      return;
    }
    String method = message.getString("method", "");
    JsonObject parameters = message.getJsonObject("params", new JsonObject());
    if (method.equals("Runtime.exceptionThrown")) {
      errors.add(parameters.encode());
    } else if (method.equals("Log.entryAdded")) {
      JsonObject entry = parameters.getJsonObject("entry");
      if ("error".equals(entry.getString("level"))) {
        errors.add(entry.getString("text") + " " + entry.getString("url", ""));
      }
    }
  }

  private JsonObject call(String method, JsonObject parameters) throws Exception {
    return call(session, method, parameters);
  }

  private JsonObject call(@Nullable String target, String method, JsonObject parameters)
      throws Exception {
    int id = ++lastId;
    CompletableFuture<JsonObject> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    JsonObject message =
        new JsonObject().put("id", id).put("method", method).put("params", parameters);
    if (target != null) {
      message.put("sessionId", target);
    }
    socket.sendText(message.encode(), true).join();
    try {
      JsonObject answer = reply.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
      if (answer.containsKey("error")) {
        throw new AssertionError(method + ": " + answer.getJsonObject("error").encode());
      }
      return answer.getJsonObject("result");
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError(method + " was not answered", e);
    }
  }

  // ---- what a user does -----------------------------------------------------------------------

  /** Opens an address and waits until the page is loaded. */
  void open(URI address) throws Exception {
    call("Page.navigate", new JsonObject().put("url", address.toString()));
    until("document.readyState === 'complete' && location.href !== 'about:blank'");
  }

  /** The value of an expression; promises are awaited. */
  Object value(String expression) throws Exception {
    JsonObject asked =
        new JsonObject()
            .put("expression", expression)
            .put("awaitPromise", true)
            .put("returnByValue", true);
    JsonObject result = call("Runtime.evaluate", asked);
    if (result.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + result.encode());
    }
    return result.getJsonObject("result").getValue("value", "");
  }

  /** Waits until an expression is true; the page itself looks at it with each frame. */
  void until(String condition) throws Exception {
    String wait =
        "new Promise((done) => { const end = performance.now() + "
            + (WATCHDOG_SECONDS - 5) * 1000
            + "; const look = () => { let is = false; try { is = "
            + condition
            + "; } catch (e) {} if (is) done('yes'); else if (performance.now() > end) done('no');"
            + " else setTimeout(look, 40); }; look(); })";
    Object answer = value(wait);
    if (!"yes".equals(answer)) {
      throw new AssertionError("never true: " + condition + "; the page shows " + text());
    }
  }

  /** Waits until something is there. */
  void see(String selector) throws Exception {
    until("document.querySelector(" + quoted(selector) + ")");
  }

  /** What the page shows. */
  String text() throws Exception {
    return String.valueOf(value("document.body.innerText"));
  }

  /** Clicks in the middle of what a selector names, once it is there and may be clicked. */
  void click(String selector) throws Exception {
    String element = "document.querySelector(" + quoted(selector) + ")";
    until(element + " && !" + element + ".disabled");
    Object place =
        value(
            "(() => { const e = "
                + element
                + "; e.scrollIntoView({block: 'center', behavior: 'instant'});"
                + " const r = e.getBoundingClientRect();"
                + " return [r.x + r.width / 2, r.y + r.height / 2]; })()");
    JsonArray point = (JsonArray) place;
    JsonObject event =
        new JsonObject()
            .put("x", point.getDouble(0))
            .put("y", point.getDouble(1))
            .put("button", "left")
            .put("clickCount", 1);
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call("Input.dispatchMouseEvent", event.copy().put("type", type));
    }
  }

  /** Types into what has the focus, key by key. */
  void type(String text) throws Exception {
    for (int i = 0; i < text.length(); i++) {
      String key = text.substring(i, i + 1);
      JsonObject event = new JsonObject().put("type", "char").put("text", key);
      call("Input.dispatchKeyEvent", event);
    }
  }

  /** Presses a key such as Enter. */
  void press(String key, int code) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      JsonObject event =
          new JsonObject()
              .put("type", type)
              .put("key", key)
              .put("code", key)
              .put("windowsVirtualKeyCode", code);
      call("Input.dispatchKeyEvent", event);
    }
  }

  /** A window of this size, with the system's preference for light or dark. */
  void window(int width, int height, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
    JsonObject preference =
        new JsonObject().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light");
    call(
        "Emulation.setEmulatedMedia",
        new JsonObject().put("features", new JsonArray().add(preference)));
  }

  /** A picture of the whole page as PNG. */
  void picture(Path file, boolean whole) throws Exception {
    JsonObject asked = new JsonObject().put("format", "png").put("captureBeyondViewport", whole);
    if (whole) {
      JsonObject size =
          call("Page.getLayoutMetrics", new JsonObject()).getJsonObject("cssContentSize");
      asked.put("clip", size.put("x", 0).put("y", 0).put("scale", 1));
    }
    String data = call("Page.captureScreenshot", asked).getString("data");
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** Errors that the page has logged or not caught. */
  List<String> errors() {
    return List.copyOf(errors);
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    http.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
