// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.qapi.types.BlkdebugEvent;
import org.qblockd.qapi.types.BlkdebugIOType;

/**
 * The rules of a blkdebug node, its state, and the requests that breakpoints have stopped. Any
 * thread.
 */
final class RuleBook {
  private static final long FIRST_STATE = 1;

  /** A stopped request; the flag is set to let it go on. */
  private static final class Stopped {
    final String tag;
    boolean resumed;

    Stopped(String tag) {
      this.tag = tag;
    }
  }

  /** Guards all below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition resumption = lock.newCondition();

  /** Newest first, as they are looked at. */
  private final List<Rule> rules = new ArrayList<>();

  /** The errors that requests meet now, newest first. */
  private final List<Rule.InjectError> active = new ArrayList<>();

  private final List<Stopped> stopped = new ArrayList<>();
  private long state = FIRST_STATE;
  private long suspensions;
  private final Consumer<String> output;
  private volatile @Nullable Runnable stopListener;

  /**
   * A book of these rules.
   *
   * @param output takes lines that tell of stopped requests
   */
  RuleBook(List<Rule> inOrder, Consumer<String> output) {
    this.output = output;
    for (Rule rule : inOrder) {
      rules.addFirst(rule);
    }
  }

  /** Is run each time when a request was stopped. */
  void onStop(Runnable listener) {
    stopListener = listener;
  }

  /** Applies the rules for an event; waits while a breakpoint stops the request. */
  void event(String name) {
    BlkdebugEvent event = BlkdebugEvent.fromWire(name);
    if (event == null) {
      throw new IllegalArgumentException("no such event: " + name);
    }
    List<Stopped> waitFor;
    lock.lock();
    try {
      waitFor = apply(event);
      // Under the lock: whoever finds the request stopped and resumes it says so afterwards.
      for (Stopped each : waitFor) {
        output.accept("blkdebug: Suspended request '" + each.tag + "'");
      }
    } finally {
      lock.unlock();
    }
    for (Stopped each : waitFor) {
      stop(each);
    }
  }

  private List<Stopped> apply(BlkdebugEvent event) {
    List<Stopped> waitFor = new ArrayList<>();
    long newState = state;
    boolean first = true;
    for (Rule rule : List.copyOf(rules)) {
      if (rule.event() != event || (rule.state() != 0 && rule.state() != state)) {
        continue;
      }
      switch (rule) {
        case Rule.InjectError error -> {
          if (first) {
            active.clear();
            first = false;
          }
          active.addFirst(error);
        }
        case Rule.SetState change -> newState = change.newState();
        case Rule.Suspend suspend -> {
          rules.remove(rule);
          Stopped request = new Stopped(suspend.tag());
          stopped.addFirst(request);
          suspensions++;
          waitFor.add(request);
        }
      }
    }
    state = newState;
    return waitFor;
  }

  private void stop(Stopped request) {
    Runnable listener = stopListener;
    if (listener != null) {
      listener.run();
    }
    lock.lock();
    try {
      while (!request.resumed) {
        resumption.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Fails if an error is meant for this request. */
  void check(BlkdebugIOType type, long offset, long bytes) throws BlockException {
    lock.lock();
    try {
      for (Rule.InjectError error : active) {
        if (error.hits(type, offset, bytes)) {
          fail(error);
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void fail(Rule.InjectError error) throws BlockException {
    if (error.errno() == 0) {
      return;
    }
    if (error.once()) {
      active.remove(error);
      rules.remove(error);
    }
    throw BlockException.io(Errno.of(error.errno()));
  }

  // ---- breakpoints ----------------------------------------------------------------------------

  void breakAt(String name, String tag) throws BlockException {
    BlkdebugEvent event = BlkdebugEvent.fromWire(name);
    if (event == null) {
      throw BlockException.io(Errno.ENOENT);
    }
    lock.lock();
    try {
      rules.addFirst(new Rule.Suspend(event, tag));
    } finally {
      lock.unlock();
    }
  }

  /** Lets the newest request that was stopped under the tag go on. */
  void resume(String tag) throws BlockException {
    lock.lock();
    try {
      for (Stopped request : stopped) {
        if (request.tag.equals(tag)) {
          release(request);
          return;
        }
      }
    } finally {
      lock.unlock();
    }
    throw BlockException.io(Errno.ENOENT);
  }

  /** ENOENT if no breakpoint is left, though what it stopped goes on: so says QEMU. */
  void removeBreak(String tag) throws BlockException {
    boolean any;
    lock.lock();
    try {
      any = rules.removeIf(rule -> rule instanceof Rule.Suspend s && s.tag().equals(tag));
      for (Stopped request : List.copyOf(stopped)) {
        if (request.tag.equals(tag)) {
          release(request);
        }
      }
    } finally {
      lock.unlock();
    }
    if (!any) {
      throw BlockException.io(Errno.ENOENT);
    }
  }

  long suspensions() {
    lock.lock();
    try {
      return suspensions;
    } finally {
      lock.unlock();
    }
  }

  boolean isSuspended(String tag) {
    lock.lock();
    try {
      return stopped.stream().anyMatch(request -> request.tag.equals(tag));
    } finally {
      lock.unlock();
    }
  }

  /** Lets all go on and sets no more breakpoints: the node closes. */
  void releaseAll() {
    lock.lock();
    try {
      rules.clear();
      active.clear();
      List.copyOf(stopped).forEach(this::release);
    } finally {
      lock.unlock();
    }
  }

  private void release(Stopped request) {
    output.accept("blkdebug: Resuming request '" + request.tag + "'");
    stopped.remove(request);
    request.resumed = true;
    resumption.signalAll();
  }
}
