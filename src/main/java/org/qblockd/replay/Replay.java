// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.qblockd.client.Lines;
import org.qblockd.client.QmpAddress;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * Says to a server what a client once said and shows where the answers differ. Replies are compared
 * in order, and so are events, but not one against the other. One thread.
 */
final class Replay {
  /** What one session hears, read by a thread of its own. */
  private static final class Ear implements AutoCloseable {
    private static final JsonObject END = new JsonObject(Map.of("end", new JsonString("")));

    private final Lines lines;
    private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
    private final ArrayDeque<JsonObject> replies = new ArrayDeque<>();
    private final ArrayDeque<JsonObject> events = new ArrayDeque<>();

    Ear(Lines lines) {
      this.lines = lines;
      Thread.ofPlatform().name("replay").daemon(true).start(this::listen);
    }

    private void listen() {
      try {
        for (JsonValue value = lines.read(); value != null; value = lines.read()) {
          if (value instanceof JsonObject message) {
            heard.add(message);
          }
        }
      } catch (IOException e) {
        // What is missing then is told by the comparison.
        heard.add(END);
        return;
      }
      heard.add(END);
    }

    /** The next reply or the next event; null when none comes in time. */
    @Nullable JsonObject next(boolean event, long seconds) throws InterruptedException {
      ArrayDeque<JsonObject> wanted = event ? events : replies;
      while (wanted.isEmpty()) {
        JsonObject message = heard.poll(seconds, TimeUnit.SECONDS);
        if (message == null || message.equals(END)) {
          return null;
        }
        (message.get("event") != null ? events : replies).add(message);
      }
      return wanted.poll();
    }

    /** Events that nobody has asked for. */
    List<JsonObject> leftEvents() {
      List<JsonObject> left = new ArrayList<>(events);
      for (JsonObject message = heard.poll(); message != null; message = heard.poll()) {
        if (message.get("event") != null) {
          left.add(message);
        }
      }
      return left;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private final QmpAddress address;
  private final PrintStream out;
  private final Comparison comparison;
  private final long seconds;
  private final Map<Integer, Ear> ears = new HashMap<>();
  private int differences;

  /**
   * A replay.
   *
   * @param ignored members that do not count
   * @param seconds how long to wait for a message
   */
  Replay(QmpAddress address, PrintStream out, Set<String> ignored, long seconds) {
    this.address = address;
    this.out = out;
    this.comparison = new Comparison(ignored);
    this.seconds = seconds;
  }

  /** Plays a recording; returns the number of differences. */
  int play(RecordedTalk talk) throws IOException, InterruptedException {
    try {
      for (RecordedTalk.Line line : talk.lines()) {
        Ear ear = ear(line.session(), talk.greets());
        if (line.request()) {
          ear.lines.write(line.message());
        } else {
          compare(line, ear.next(line.event(), seconds));
        }
      }
      ears.forEach((session, ear) -> ear.leftEvents().forEach(this::surplus));
    } finally {
      for (Ear ear : ears.values()) {
        ear.close();
      }
    }
    return differences;
  }

  private Ear ear(int session, boolean greets) throws IOException, InterruptedException {
    Ear known = ears.get(session);
    if (known != null) {
      return known;
    }
    Ear ear = new Ear(new Lines(address.connect()));
    ears.put(session, ear);
    if (!greets) {
      negotiate(ear);
    }
    return ear;
  }

  private void negotiate(Ear ear) throws IOException, InterruptedException {
    JsonObject greeting = ear.next(false, seconds);
    ear.lines.write(new JsonObject(Map.of("execute", new JsonString("qmp_capabilities"))));
    JsonObject reply = ear.next(false, seconds);
    if (greeting == null || reply == null || reply.get("return") == null) {
      throw new IOException("'" + address.text() + "' does not negotiate: " + reply);
    }
  }

  private void compare(RecordedTalk.Line line, @Nullable JsonObject got) {
    boolean greeting = line.message().get("QMP") != null;
    boolean same =
        greeting ? got != null && got.get("QMP") != null : comparison.same(line.message(), got);
    if (!same) {
      differences++;
      out.println("line " + line.number() + ": recorded " + JsonWriter.toText(line.message()));
      out.println("     now: " + (got == null ? "nothing" : JsonWriter.toText(got)));
    }
  }

  private void surplus(JsonObject event) {
    differences++;
    out.println("not recorded: " + JsonWriter.toText(event));
  }
}
