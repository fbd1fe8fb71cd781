// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.qblockd.base.Clock;
import org.qblockd.qapi.QmpException;

/**
 * Several front ends in turn on one device: what is typed goes to the one that has the focus, what
 * all of them say comes out.
 */
final class MuxDevice extends CharDevice {
  private final CharDevice below;
  private final MuxLines lines;
  private final MuxInput input;

  MuxDevice(String id, CharDevice below, MuxKeys keys, Clock clock) {
    super(id);
    this.below = below;
    MuxOutput output = new MuxOutput(clock);
    lines = new MuxLines(output);
    input = new MuxInput(lines, output, keys);
  }

  @Override
  public String filename() {
    return "mux";
  }

  @Override
  public boolean isBusy() {
    return super.isBusy() || lines.count() > 0;
  }

  @Override
  public boolean isFrontEndOpen() {
    return lines.count() > 0;
  }

  @Override
  public void claim(FrontEnd frontEnd) throws QmpException {
    if (super.isBusy()) {
      reserve();
    }
    if (lines.count() == MuxLines.MAX) {
      throw QmpException.generic(
          "too many uses of multiplexed chardev '" + id() + "' (maximum is " + MuxLines.MAX + ")");
    }
    lines.add(frontEnd);
    if (lines.count() == 1) {
      below.attach(input);
    }
  }

  @Override
  public void release(FrontEnd frontEnd) {
    lines.remove(frontEnd);
    if (lines.count() == 0) {
      below.detach();
    }
  }

  @Override
  void open() throws QmpException {
    below.reserve();
  }

  @Override
  void begin() {}

  /** Of a multiplexer over this one. */
  @Override
  void attached() {
    FrontEnd upper = user();
    if (upper != null) {
      lines.add(upper);
      below.attach(input);
    }
  }

  @Override
  void detached() {
    lines.removeAll();
    below.detach();
  }

  @Override
  void close() {
    below.unreserve();
  }
}
