// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;

/**
 * The connection between the two sides of COLO. A thread reads it all the time, answers the other
 * side's pings and knows when the other side was last heard of; the rest is for the thread of COLO
 * to take, a few messages at most. Any thread may close it, and ping.
 */
final class ColoLink {
  /** What may wait: neither side sends a second message before it has been answered. */
  private static final int MAX_WAITING = 4;

  private record Arrival(@Nullable Frame frame, String failure) {}

  private final MigrationStream stream;
  private final Clock clock;
  private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(MAX_WAITING);
  private volatile long heardNanos;

  ColoLink(MigrationStream stream, Clock clock) {
    this.stream = stream;
    this.clock = clock;
    heardNanos = clock.monotonicNanos();
    Thread.ofPlatform().name("colo-link").daemon(true).start(this::readAll);
  }

  private void readAll() {
    String failure;
    try {
      while (true) {
        Frame frame = stream.read();
        heardNanos = clock.monotonicNanos();
        arrived(frame);
      }
    } catch (StreamException wrong) {
      failure = wrong.sentence();
    } catch (IOException lost) {
      failure = "the connection to the other side of COLO was lost";
    }
    stream.close();
    while (!arrivals.offer(new Arrival(null, failure))) {
      Arrival unused = arrivals.poll();
    }
  }

  private void arrived(Frame frame) throws IOException, StreamException {
    if (frame.type() == FrameType.PING) {
      stream.write(FrameType.PONG);
    } else if (frame.type() != FrameType.PONG && !arrivals.offer(new Arrival(frame, ""))) {
      throw new StreamException("the other side of COLO does not wait for answers");
    }
  }

  /** Nanoseconds since the other side was last heard of. */
  long silentNanos() {
    return clock.monotonicNanos() - heardNanos;
  }

  /** Asks for a sign of life; that it cannot be sent shows by the silence that follows. */
  boolean ping() {
    try {
      stream.write(FrameType.PING);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  void send(FrameType type) throws StreamException {
    try {
      stream.write(type);
    } catch (IOException lost) {
      throw new StreamException("the connection to the other side of COLO was lost");
    }
  }

  /** Waits for a message, which must be of this type. */
  void expect(FrameType wanted) throws StreamException {
    try {
      Arrival arrival = arrivals.take();
      Frame frame = arrival.frame;
      if (frame == null) {
        throw new StreamException(arrival.failure);
      }
      Frame unused = MigrationStream.expect(frame, wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamException("interrupted");
    }
  }

  /** Ends both directions; who waits for a message is woken. */
  void close() {
    stream.close();
  }
}
