// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;
import org.qblockd.base.ManualClock;
import org.qblockd.qapi.CommandDescription;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** A server of a few commands, without sockets; tests add commands of their own. */
public final class MonitorFixture implements Dispatcher, AutoCloseable {
  public static final String GREETING =
      "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10},"
          + " \"package\": \"\"}, \"capabilities\": [\"oob\"]}}";
  public static final String NEGOTIATE = "{'execute': 'qmp_capabilities'}";
  public static final String NEGOTIATE_OOB =
      "{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}";

  /** What a test command does. */
  public interface Handler {
    JsonValue run(JsonObject arguments) throws QmpException, BlockException;
  }

  public final ManualClock clock = new ManualClock();
  public final EventBus events = new EventBus(clock);
  public final List<Throwable> bugs = Collections.synchronizedList(new ArrayList<>());
  private final ControlLane lane = new ControlLane();
  private final Map<String, Handler> handlers = new HashMap<>();
  private final Map<String, CommandDescription> commands = new HashMap<>();
  private boolean preconfig;

  public MonitorFixture() {
    add("qmp_capabilities", MonitorFixture::negotiate);
    add("query-version", arguments -> parse("{'version': 1}"));
    add("echo", arguments -> arguments);
  }

  public void add(String name, Handler handler) {
    add(new CommandDescription(name, true, false, false, false, List.of()), handler);
  }

  public void add(CommandDescription command, Handler handler) {
    commands.put(command.name(), command);
    handlers.put(command.name(), handler);
  }

  void setPreconfig(boolean value) {
    preconfig = value;
  }

  /** A monitor that gets events. */
  public Monitor monitor(boolean pretty) {
    JsonObject version =
        (JsonObject) parse("{'qemu': {'major': 10, 'minor': 0, 'micro': 2}, 'package': ''}");
    Backend backend = new Backend(version, this, lane, (command, bug) -> bugs.add(bug));
    Monitor monitor = new Monitor(backend, pretty, true);
    events.add(monitor);
    return monitor;
  }

  /** Waits until the lane has run everything that was queued before. */
  public void awaitLane() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    lane.execute(reached::countDown);
    reached.await();
  }

  /** Waits until a session has run and answered everything it was sent. */
  void settle(Session session) throws InterruptedException {
    do {
      awaitLane();
    } while (!session.isIdle());
    awaitLane();
  }

  ControlLane lane() {
    return lane;
  }

  /** Gives a session a text as one packet; returns how much was taken. */
  static int send(Session session, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return session.receive(bytes, 0, bytes.length);
  }

  static JsonValue parse(String text) {
    try {
      return JsonStream.parse(text);
    } catch (JsonSyntaxException e) {
      throw new AssertionError(text, e);
    }
  }

  @Override
  public @Nullable CommandDescription find(String name) {
    return commands.get(name);
  }

  @Override
  public boolean inPreconfig() {
    return preconfig;
  }

  @Override
  public JsonValue dispatch(CommandDescription command, JsonObject arguments)
      throws QmpException, BlockException {
    Handler handler = handlers.get(command.name());
    if (handler == null) {
      throw new AssertionError(command.name());
    }
    return handler.run(arguments);
  }

  @Override
  public void close() {
    lane.close();
  }

  private static JsonValue negotiate(JsonObject arguments) throws QmpException {
    List<String> names = new ArrayList<>();
    if (arguments.get("enable") instanceof JsonArray enable) {
      enable.items().forEach(item -> names.add(((JsonString) item).value()));
    }
    Session current = Session.current();
    if (current == null) {
      throw new AssertionError("no session");
    }
    current.negotiate(names);
    return JsonObject.EMPTY;
  }
}
