// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Standard input and output as a device's descriptors: one device of the process may have them. A
 * terminal is set so that each key comes at once, and as it was in the end. Main thread or control
 * lane.
 */
final class StandardStreams implements StreamDevice.Opening {
  private enum State {
    FREE,
    TAKEN,
    CLOSED
  }

  private static final AtomicReference<State> STATE = new AtomicReference<>(State.FREE);

  private final boolean signals;
  private byte @Nullable [] before;

  StandardStreams(boolean signals) {
    this.signals = signals;
  }

  /** Nothing holds them: for tests and training runs, which make several servers. */
  static void reset() {
    STATE.set(State.FREE);
  }

  @Override
  public StreamDevice.Pair open() throws BlockException {
    State state = STATE.get();
    if (state == State.CLOSED) {
      throw BlockException.withErrno(Errno.EBADF, "Failed to set FD nonblocking");
    }
    if (state == State.TAKEN) {
      throw BlockException.invalid("cannot use stdio by multiple character devices");
    }
    STATE.set(State.TAKEN);

    if (TerminalCheck.isTerminal(0)) {
      setTerminal();
    }
    return new StreamDevice.Pair(0, 1);
  }

  private void setTerminal() {
    HostCalls calls = new HostCalls();
    byte[] settings = calls.terminalSettings(0);
    if (settings.length == 0) {
      return;
    }
    before = settings.clone();
    TerminalModes.makeInteractive(settings, signals);
    calls.setTerminal(0, settings);
  }

  @Override
  public void close(StreamDevice.Pair opened) {
    if (before != null) {
      new HostCalls().setTerminal(0, before);
      before = null;
    }
    STATE.set(State.CLOSED);
  }

  @Override
  public boolean closes() {
    return false;
  }
}
