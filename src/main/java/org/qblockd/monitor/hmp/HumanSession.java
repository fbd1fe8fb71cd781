// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.Receiver;

/**
 * One user of a human monitor, from the greeting to the end of the connection. Keys are queued and
 * handled on the control lane, so that what is typed shows only when it can be run, as in QEMU.
 *
 * <p>{@link #suspend}, {@link #resume} and {@link #takeDescriptor} belong to a running command.
 */
public final class HumanSession implements Receiver {
  /** Bytes typed ahead. */
  static final int MAX_QUEUED_BYTES = 1 << 16;

  private static final ThreadLocal<@Nullable HumanSession> CURRENT = new ThreadLocal<>();

  private final HumanMonitor monitor;
  private final Connection connection;
  private final Screen screen;
  private final LineEditor editor;
  private final Runnable turn = this::runQueued;

  private final ReentrantLock lock = new ReentrantLock();
  private byte[] queue = {};
  private boolean scheduled;
  private boolean readerWaits;
  private boolean inputEnded;
  private boolean suspended;
  private List<Integer> descriptors = List.of();

  HumanSession(HumanMonitor monitor, Connection connection) {
    this.monitor = monitor;
    this.connection = connection;
    screen = new Screen(connection);
    editor =
        new LineEditor(screen, monitor.history(), head -> monitor.interpreter().complete(head));
  }

  /** The session whose line is running on this thread; null outside. */
  public static @Nullable HumanSession current() {
    return CURRENT.get();
  }

  /** The lines entered at this monitor, each once, the oldest first. */
  public List<String> history() {
    return monitor.history().lines();
  }

  /** No prompt after this line, and no key is taken, until {@link #resume}. */
  public void suspend() {
    lock.lock();
    try {
      suspended = true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends {@link #suspend}: shows the text and a prompt. On the lane. */
  public void resume(String text) {
    lock.lock();
    try {
      suspended = false;
    } finally {
      lock.unlock();
    }
    screen.putText(text);
    editor.prompt();
    screen.flush();
    schedule();
  }

  /** The first descriptor that came last, now the caller's; -1 when there is none. */
  public int takeDescriptor() {
    lock.lock();
    try {
      if (descriptors.isEmpty()) {
        return -1;
      }
      int taken = descriptors.getFirst();
      closeAll(descriptors.subList(1, descriptors.size()));
      descriptors = List.of();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void greet(String text) {
    screen.put(text);
    screen.flush();
  }

  @Override
  public void begin() {
    greet(LineEditor.PROMPT);
  }

  /** On a multiplexer, what was typed before another front end was looked at is forgotten. */
  @Override
  public void focus(boolean gained) {
    if (!gained) {
      greet("\r\n");
      return;
    }
    monitor
        .lane()
        .execute(() -> {
          editor.restart();
          screen.flush();
        });
  }

  @Override
  public int receive(byte[] bytes, int from, int to) {
    int taken;
    lock.lock();
    try {
      taken = Math.min(to - from, MAX_QUEUED_BYTES - queue.length);
      int before = queue.length;
      queue = Arrays.copyOf(queue, before + taken);
      System.arraycopy(bytes, from, queue, before, taken);
      readerWaits = taken < to - from;
    } finally {
      lock.unlock();
    }
    schedule();
    return from + taken;
  }

  @Override
  public void offerDescriptors(List<Integer> received) {
    lock.lock();
    try {
      closeAll(descriptors);
      descriptors = List.copyOf(received);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void endOfInput() {
    lock.lock();
    try {
      inputEnded = true;
    } finally {
      lock.unlock();
    }
    closeWhenDone();
  }

  @Override
  public boolean writable() {
    boolean all = screen.writable();
    if (all) {
      closeWhenDone();
    }
    return all;
  }

  @Override
  public void detach() {
    screen.close();
    lock.lock();
    try {
      inputEnded = true;
      closeAll(descriptors);
      descriptors = List.of();
    } finally {
      lock.unlock();
    }
  }

  private void schedule() {
    lock.lock();
    try {
      if (scheduled || suspended || queue.length == 0) {
        return;
      }
      scheduled = true;
    } finally {
      lock.unlock();
    }
    if (connection.mayRunCommands()) {
      monitor.lane().executeHere(turn);
    } else {
      monitor.lane().execute(turn);
    }
  }

  /** A turn on the lane: up to the end of one line, then others have theirs. */
  private void runQueued() {
    byte[] keys = takeAll();
    int at = 0;
    String line = null;
    while (at < keys.length && line == null) {
      line = editor.key(keys[at++]);
    }
    putBack(keys, at);
    screen.flush();
    if (line != null) {
      run(line);
    }
    endTurn();
  }

  private void run(String line) {
    HumanSession before = CURRENT.get();
    CURRENT.set(this);
    try {
      screen.putText(monitor.interpreter().run(line));
    } catch (RuntimeException | Error bug) {
      monitor.bugs().accept(line, bug);
      screen.putText("Error: Internal error: " + bug + "\r\n");
    } finally {
      CURRENT.set(before);
    }
    if (!isSuspended()) {
      editor.prompt();
    }
    screen.flush();
  }

  private boolean isSuspended() {
    lock.lock();
    try {
      return suspended;
    } finally {
      lock.unlock();
    }
  }

  private byte[] takeAll() {
    lock.lock();
    try {
      byte[] keys = queue;
      queue = new byte[0];
      return keys;
    } finally {
      lock.unlock();
    }
  }

  /** What comes after the line waits for the next turn, before what has come meanwhile. */
  private void putBack(byte[] keys, int from) {
    lock.lock();
    try {
      byte[] later = queue;
      int left = keys.length - from;
      queue = Arrays.copyOfRange(keys, from, keys.length + later.length);
      System.arraycopy(later, 0, queue, left, later.length);
    } finally {
      lock.unlock();
    }
  }

  private void endTurn() {
    boolean again;
    boolean wake;
    lock.lock();
    try {
      again = queue.length > 0 && !suspended;
      scheduled = again;
      wake = readerWaits && queue.length <= MAX_QUEUED_BYTES / 2;
      readerWaits &= !wake;
    } finally {
      lock.unlock();
    }
    if (wake) {
      connection.resume();
    }
    if (again) {
      monitor.lane().execute(turn);
    } else {
      closeWhenDone();
    }
  }

  private void closeWhenDone() {
    boolean done;
    lock.lock();
    try {
      done = inputEnded && (queue.length == 0 || suspended) && !scheduled;
    } finally {
      lock.unlock();
    }
    if (done && screen.isEmpty()) {
      connection.close();
    }
  }

  private void closeAll(List<Integer> unused) {
    for (int descriptor : unused) {
      connection.closeDescriptor(descriptor);
    }
  }

  /** Whether nothing that was typed waits or runs. */
  boolean isIdle() {
    lock.lock();
    try {
      return queue.length == 0 && !scheduled;
    } finally {
      lock.unlock();
    }
  }
}
