// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.qblockd.qapi.json.JsonStream.Complete;
import org.qblockd.qapi.json.JsonStream.Malformed;
import org.qblockd.qapi.json.JsonStream.Message;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonWriter;

/**
 * Writes what clients and server say to each other into a file, as conversations of the tests have
 * it: {@code ->} what a client sends, {@code <-} what it gets, the number of the session in front
 * from the second one on. Any thread.
 */
public final class Recording implements AutoCloseable {
  private final PrintStream out;
  private final AtomicInteger sessions = new AtomicInteger();

  /**
   * Begins a file.
   *
   * @param server what the first line names
   */
  public Recording(String file, String server) throws IOException {
    out = new PrintStream(file, UTF_8);
    line("# Recorded by " + server + ".");
    line("!greeting");
  }

  /** What one session says. */
  final class Tap {
    private final String mark;

    private Tap(int number) {
      mark = number == 1 ? "" : "@" + number + " ";
    }

    /** The client has said this. */
    void received(Message message) {
      if (message instanceof Complete complete) {
        line(mark + "-> " + JsonWriter.toText(complete.value()));
      } else if (message instanceof Malformed malformed) {
        line("# " + mark + "what is no JSON: " + malformed.description());
      }
    }

    /** The server has said this. */
    void sent(JsonValue message) {
      line(mark + "<- " + JsonWriter.toText(message));
    }
  }

  /** The tap of the next session. */
  Tap next() {
    return new Tap(sessions.incrementAndGet());
  }

  private synchronized void line(String text) {
    out.print(text + "\n");
    out.flush();
  }

  @Override
  public synchronized void close() {
    out.close();
  }
}
