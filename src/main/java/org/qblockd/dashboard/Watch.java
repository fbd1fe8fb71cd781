// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.qblockd.monitor.CommandWatcher;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.BodyCheck;

/**
 * Brings commands of all monitors and events to the hub and the figures. Told by any thread; goes
 * on on the event loop.
 */
final class Watch implements CommandWatcher {

  private final Context loop;
  private final EventHub hub;
  private final BodyCheck check;
  private volatile @Nullable Session own;
  private volatile @Nullable Session quiet;
  private @Nullable Metrics metrics;

  Watch(Context loop, EventHub hub, BodyCheck check) {
    this.loop = loop;
    this.hub = hub;
    this.check = check;
  }

  /** Before the first command that is of interest. */
  void begin(Session ownSession, Session quietSession, Metrics counted) {
    own = ownSession;
    quiet = quietSession;
    metrics = counted;
  }

  @Override
  public boolean wants(@Nullable Session session) {
    return session != null && session != quiet;
  }

  @Override
  public void called(@Nullable Session session, Call call) {
    String source = session == own ? "http" : "qmp";
    loop.runOnContext(unused -> note(source, call));
  }

  private void note(String source, Call call) {
    JsonObject content = new JsonObject().put("command", call.command()).put("source", source);
    if (!call.arguments().isEmpty()) {
      content.put("arguments", new JsonObject(call.arguments()));
    }
    content.put("micros", call.nanos() / 1000);
    if (call.errorClass() != null) {
      content.put(
          "error", new JsonObject().put("class", call.errorClass()).put("desc", call.error()));
    }
    hub.add(EventHub.Kind.COMMAND, call.command(), content);
    Metrics counted = metrics;
    if (counted != null) {
      counted.count(call, check.knows(call.command()));
    }
  }

  /** An event of QMP. The event loop. */
  void event(JsonObject event) {
    String name = event.getString("event");
    hub.add(EventHub.Kind.EVENT, name, event);
    Metrics counted = metrics;
    if (counted != null) {
      counted.countEvent(name);
    }
  }
}
