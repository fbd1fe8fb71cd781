// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * A device that never says anything and forgets what it is told: {@code null}, and text consoles
 * and pointing devices, which have no screen here.
 */
class QuietDevice extends CharDevice {
  private final String kind;
  private @Nullable Receiver receiver;

  QuietDevice(String id, String kind) {
    super(id);
    this.kind = kind;
  }

  @Override
  public final String filename() {
    return kind;
  }

  @Override
  void open() throws BlockException {}

  @Override
  final void attached() {
    FrontEnd frontEnd = user();
    if (frontEnd == null || !opens()) {
      return;
    }
    Receiver begun = frontEnd.connect(new Sink());
    receiver = begun;
    if (isStarted()) {
      begun.begin();
    }
  }

  @Override
  final void begin() {
    if (receiver != null) {
      receiver.begin();
    }
  }

  @Override
  final void detached() {
    Receiver ending = receiver;
    receiver = null;
    if (ending != null) {
      ending.detach();
    }
  }

  @Override
  void close() {
    detached();
  }

  /**
   * Whether somebody is there to talk to: as in QEMU a front end on {@code null} does not even
   * greet.
   */
  boolean opens() {
    return false;
  }

  /** Takes what the front end says. Any thread. */
  void say(byte[] bytes, int from, int to) {}

  private final class Sink implements Connection {
    @Override
    public int write(byte[] bytes, int from, int to) {
      say(bytes, from, to);
      return to - from;
    }

    @Override
    public void resume() {}

    /** There is nobody whom a front end could drop. */
    @Override
    public void close() {}

    @Override
    public void closeDescriptor(int descriptor) {
      throw new IllegalStateException("no descriptors come from here");
    }

    @Override
    public boolean mayRunCommands() {
      return true;
    }
  }
}
