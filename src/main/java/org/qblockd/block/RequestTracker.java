// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The requests in flight on one node, so that a drain can wait for them, and so that a serialising
 * request (read-modify-write, copy on read) excludes those that overlap it. Any thread.
 */
final class RequestTracker {
  /** One request in flight; made by {@link #begin}. */
  static final class Tracked {
    private long overlapOffset;
    private long overlapEnd;
    private boolean serialising;
    private boolean changing;
    private @Nullable Tracked waitingFor;
    private @Nullable Tracked previous;
    private @Nullable Tracked next;

    private boolean overlaps(long offset, long end) {
      return offset < overlapEnd && overlapOffset < end;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private @Nullable Tracked first;
  private int serialisingCount;
  private int inFlight;
  private long begun;
  private long bytesBegun;
  private @Nullable Runnable idleListener;

  /** Counts a request in; waits while a serialising one overlaps it, if {@code waits}. */
  Tracked begin(long offset, long bytes, boolean waits) {
    Tracked request = new Tracked();
    request.overlapOffset = offset;
    request.overlapEnd = offset + bytes;
    lock.lock();
    try {
      link(request);
      begun++;
      bytesBegun += bytes;
      if (waits && serialisingCount > 0) {
        awaitOverlapping(request);
      }
    } finally {
      lock.unlock();
    }
    return request;
  }

  /** Widens the request to {@code align} and lets it exclude all others that overlap it. */
  void makeSerialising(Tracked request, int align) {
    lock.lock();
    try {
      if (!request.serialising) {
        request.serialising = true;
        serialisingCount++;
      }
      request.overlapOffset =
          Math.min(request.overlapOffset, Align.down(request.overlapOffset, align));
      request.overlapEnd = Math.max(request.overlapEnd, Align.up(request.overlapEnd, align));
      awaitOverlapping(request);
    } finally {
      lock.unlock();
    }
  }

  /** Counts the request out. */
  void end(Tracked request) {
    Runnable listener;
    lock.lock();
    try {
      unlink(request);
      if (request.serialising) {
        serialisingCount--;
      }
      if (serialisingCount > 0 || request.serialising) {
        ended.signalAll();
      }
      listener = inFlight == 0 ? idleListener : null;
    } finally {
      lock.unlock();
    }
    if (listener != null) {
      listener.run();
    }
  }

  /** The request may change its range. */
  void markChanging(Tracked request) {
    lock.lock();
    try {
      request.changing = true;
    } finally {
      lock.unlock();
    }
  }

  /** The ranges that requests in flight may be changing, each as offset and length. */
  List<long[]> changing() {
    List<long[]> ranges = new ArrayList<>();
    lock.lock();
    try {
      for (Tracked request = first; request != null; request = request.next) {
        if (request.changing) {
          long bytes = request.overlapEnd - request.overlapOffset;
          ranges.add(new long[] {request.overlapOffset, bytes});
        }
      }
    } finally {
      lock.unlock();
    }
    return ranges;
  }

  /** Whether any request is in flight. */
  boolean busy() {
    lock.lock();
    try {
      return inFlight > 0;
    } finally {
      lock.unlock();
    }
  }

  /** What has passed here so far. */
  NodeTraffic traffic() {
    lock.lock();
    try {
      return new NodeTraffic(inFlight, begun, bytesBegun);
    } finally {
      lock.unlock();
    }
  }

  /** Is run each time when the last request in flight ends; null for none. */
  void onIdle(@Nullable Runnable listener) {
    lock.lock();
    try {
      idleListener = listener;
    } finally {
      lock.unlock();
    }
  }

  private void awaitOverlapping(Tracked request) {
    for (Tracked other = conflictOf(request); other != null; other = conflictOf(request)) {
      request.waitingFor = other;
      ended.awaitUninterruptibly();
      request.waitingFor = null;
    }
  }

  /**
   * A request to wait for. One that waits itself is passed over: it would wait for us, and it
   * checks again when it goes on.
   */
  private @Nullable Tracked conflictOf(Tracked request) {
    for (Tracked other = first; other != null; other = other.next) {
      boolean counts = other != request && (other.serialising || request.serialising);
      if (counts
          && other.waitingFor == null
          && other.overlaps(request.overlapOffset, request.overlapEnd)) {
        return other;
      }
    }
    return null;
  }

  private void link(Tracked request) {
    request.next = first;
    if (first != null) {
      first.previous = request;
    }
    first = request;
    inFlight++;
  }

  private void unlink(Tracked request) {
    if (request.previous == null) {
      first = request.next;
    } else {
      request.previous.next = request.next;
    }
    if (request.next != null) {
      request.next.previous = request.previous;
    }
    inFlight--;
  }
}
