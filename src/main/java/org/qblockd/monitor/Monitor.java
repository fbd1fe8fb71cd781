// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.FrontEnd;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * One QMP monitor of the command line: it has one client at a time, and a new session for each. Any
 * thread.
 */
public final class Monitor implements FrontEnd {
  private final Backend backend;
  private final boolean pretty;
  private final boolean offersOob;
  private volatile @Nullable Session session;
  private volatile @Nullable Recording recording;
  private @Nullable NamedDescriptors descriptors;

  /**
   * A monitor without a client.
   *
   * @param pretty whether replies are printed over several lines
   * @param offersOob whether the greeting offers the capability {@code oob}
   */
  public Monitor(Backend backend, boolean pretty, boolean offersOob) {
    this.backend = backend;
    this.pretty = pretty;
    this.offersOob = offersOob;
  }

  /** From now on what clients and server say is written down. */
  public void recordTo(Recording newRecording) {
    recording = newRecording;
  }

  Recording.@Nullable Tap nextTap() {
    Recording current = recording;
    return current == null ? null : current.next();
  }

  /** A client has come: begins its session with the greeting. */
  @Override
  public Session connect(Connection connection) {
    Session begun = new Session(this, connection);
    session = begun;
    begun.send(greeting());
    return begun;
  }

  /** Sends an event to the client, if one has negotiated. */
  void deliver(JsonObject event) {
    Session receiver = session;
    if (receiver != null && receiver.isNegotiated()) {
      receiver.send(event);
    }
  }

  /** Waits until the client, if there is one, has taken what is sent or does not read any more. */
  void drain() {
    Session current = session;
    if (current != null) {
      current.drain();
    }
  }

  /** The session has ended; events no longer go there. */
  void disconnected(Session ended) {
    if (session == ended) {
      session = null;
    }
  }

  /** Control lane. */
  NamedDescriptors descriptors() {
    NamedDescriptors current = descriptors;
    if (current == null) {
      current = new NamedDescriptors();
      descriptors = current;
    }
    return current;
  }

  Backend backend() {
    return backend;
  }

  boolean isPretty() {
    return pretty;
  }

  boolean offersOob() {
    return offersOob;
  }

  private JsonObject greeting() {
    List<JsonValue> capabilities = offersOob ? List.of(new JsonString("oob")) : List.of();
    JsonObject content =
        new JsonObject(
            Map.of("version", backend.version(), "capabilities", new JsonArray(capabilities)));
    return new JsonObject(Map.of("QMP", content));
  }
}
