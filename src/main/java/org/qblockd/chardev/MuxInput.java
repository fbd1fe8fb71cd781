// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes from the device below a multiplexer: C-a and a letter switches front ends, ends the
 * server and more; all else goes to who has the focus. The thread that reads that device.
 */
final class MuxInput implements FrontEnd, Receiver {
  private static final int ESCAPE = 1;
  private static final byte[] TERMINATED = "QEMU: Terminated\n\r".getBytes(US_ASCII);
  private static final byte[] HELP = help().getBytes(US_ASCII);

  private final MuxLines lines;
  private final MuxOutput output;
  private final MuxKeys keys;
  private boolean escaped;

  MuxInput(MuxLines lines, MuxOutput output, MuxKeys keys) {
    this.lines = lines;
    this.output = output;
    this.keys = keys;
  }

  private static String help() {
    return """

    \rC-a h    print this help
    \rC-a x    exit emulator
    \rC-a s    save disk data back to file (if -snapshot)
    \rC-a t    toggle console timestamps
    \rC-a b    send break (magic sysrq)
    \rC-a c    switch between console and monitor
    \rC-a C-a  sends C-a
    \r\
    """;
  }

  @Override
  public Receiver connect(Connection connection) {
    output.connect(connection);
    lines.connect();
    return this;
  }

  @Override
  public void begin() {
    lines.begin();
  }

  @Override
  public int receive(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      boolean command = escaped && bytes[at] != ESCAPE;
      if (command) {
        escaped = false;
        press(bytes[at++]);
      } else if (!escaped && bytes[at] == ESCAPE) {
        escaped = true;
        at++;
      } else {
        int end = escaped ? at + 1 : endOfText(bytes, at, to);
        int taken = pass(bytes, at, end);
        escaped &= taken < end;
        if (taken < end) {
          return taken;
        }
        at = end;
      }
    }
    return at;
  }

  private static int endOfText(byte[] bytes, int from, int to) {
    int end = from;
    while (end < to && bytes[end] != ESCAPE) {
      end++;
    }
    return end;
  }

  private int pass(byte[] bytes, int from, int to) {
    @Nullable Receiver receiver = lines.focused();
    return receiver == null ? to : receiver.receive(bytes, from, to);
  }

  private void press(byte key) {
    switch (key) {
      case '?', 'h' -> say(HELP);
      case 'x' -> {
        say(TERMINATED);
        keys.quit();
      }
      case 's' -> keys.commitAll();
      case 't' -> output.toggleTimestamps();
      case 'c' -> lines.focusOnNext();
      default -> {}
    }
  }

  private void say(byte[] text) {
    int unused = output.write(text, 0, text.length);
  }

  @Override
  public void offerDescriptors(List<Integer> received) {
    @Nullable Receiver receiver = lines.focused();
    if (receiver == null) {
      received.forEach(output::closeDescriptor);
    } else {
      receiver.offerDescriptors(received);
    }
  }

  /** The front ends may still say something. */
  @Override
  public void endOfInput() {}

  @Override
  public boolean writable() {
    boolean all = true;
    for (Receiver receiver : lines.receivers()) {
      all &= receiver.writable();
    }
    return all;
  }

  @Override
  public void detach() {
    lines.disconnect();
    output.disconnect();
  }
}
