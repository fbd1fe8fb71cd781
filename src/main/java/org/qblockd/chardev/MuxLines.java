// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The front ends of a multiplexer, and which of them has the focus. Any thread. */
final class MuxLines {
  /** Front ends of one multiplexer, as in QEMU. */
  static final int MAX = 4;

  private static final int NONE = -1;

  /** A front end, and its conversation once it has had the focus for the first time. */
  private static final class Line {
    private final FrontEnd frontEnd;
    private @Nullable Receiver receiver;

    private Line(FrontEnd frontEnd) {
      this.frontEnd = frontEnd;
    }
  }

  private final MuxOutput output;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Line> lines = new ArrayList<>();
  private int focus = NONE;
  private boolean connected;
  private boolean begun;

  MuxLines(MuxOutput output) {
    this.output = output;
  }

  int count() {
    lock.lock();
    try {
      return lines.size();
    } finally {
      lock.unlock();
    }
  }

  /** A further front end, which gets the focus. */
  void add(FrontEnd frontEnd) {
    lock.lock();
    try {
      lines.add(new Line(frontEnd));
      focusOn(lines.size() - 1);
    } finally {
      lock.unlock();
    }
  }

  void remove(FrontEnd frontEnd) {
    lock.lock();
    try {
      for (int i = lines.size() - 1; i >= 0; i--) {
        if (lines.get(i).frontEnd.equals(frontEnd)) {
          detach(lines.remove(i));
        }
      }
      focus = NONE;
      if (!lines.isEmpty()) {
        focusOn(0);
      }
    } finally {
      lock.unlock();
    }
  }

  void removeAll() {
    lock.lock();
    try {
      lines.forEach(MuxLines::detach);
      lines.clear();
      focus = NONE;
    } finally {
      lock.unlock();
    }
  }

  private static void detach(Line line) {
    Receiver ending = line.receiver;
    line.receiver = null;
    if (ending != null) {
      ending.detach();
    }
  }

  /** The next front end in turn gets the focus. */
  void focusOnNext() {
    lock.lock();
    try {
      if (!lines.isEmpty()) {
        focusOn((focus + 1) % lines.size());
      }
    } finally {
      lock.unlock();
    }
  }

  private void focusOn(int next) {
    if (next != focus && focus != NONE) {
      Receiver before = lines.get(focus).receiver;
      if (before != null) {
        before.focus(false);
      }
    }
    boolean same = next == focus;
    focus = next;
    Receiver receiver = lines.get(next).receiver;
    if (receiver == null) {
      connectFocused();
    } else if (!same) {
      receiver.focus(true);
    }
  }

  /** As in QEMU's monitors, a front end greets when it is looked at for the first time. */
  private void connectFocused() {
    if (connected && begun && focus != NONE && lines.get(focus).receiver == null) {
      Receiver come = lines.get(focus).frontEnd.connect(output);
      lines.get(focus).receiver = come;
      come.begin();
    }
  }

  /** The device below is there. */
  void connect() {
    lock.lock();
    try {
      connected = true;
      begun = false;
    } finally {
      lock.unlock();
    }
  }

  /** The device below is served. */
  void begin() {
    lock.lock();
    try {
      begun = true;
      connectFocused();
    } finally {
      lock.unlock();
    }
  }

  /** The device below has gone. */
  void disconnect() {
    lock.lock();
    try {
      connected = false;
      lines.forEach(MuxLines::detach);
    } finally {
      lock.unlock();
    }
  }

  /** Who hears what is typed, or null. */
  @Nullable Receiver focused() {
    lock.lock();
    try {
      return focus == NONE ? null : lines.get(focus).receiver;
    } finally {
      lock.unlock();
    }
  }

  /** All who talk. */
  List<Receiver> receivers() {
    lock.lock();
    try {
      List<Receiver> talking = new ArrayList<>();
      for (Line line : lines) {
        if (line.receiver != null) {
          talking.add(line.receiver);
        }
      }
      return talking;
    } finally {
      lock.unlock();
    }
  }
}
