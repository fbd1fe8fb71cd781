// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Changes of a terminal's settings: struct termios of Linux as bytes. Stateless; any thread. */
final class TerminalModes {
  private static final int IGNBRK = 0x1;
  private static final int BRKINT = 0x2;
  private static final int PARMRK = 0x8;
  private static final int ISTRIP = 0x20;
  private static final int INLCR = 0x40;
  private static final int IGNCR = 0x80;
  private static final int ICRNL = 0x100;
  private static final int IXON = 0x400;
  private static final int OPOST = 0x1;
  private static final int ISIG = 0x1;
  private static final int ICANON = 0x2;
  private static final int ECHO = 0x8;
  private static final int ECHONL = 0x40;
  private static final int IEXTEN = 0x8000;
  private static final int PARENB = 0x100;
  private static final int CS8 = 0x30;
  private static final int INPUT_AT = 0;
  private static final int OUTPUT_AT = 4;
  private static final int CONTROL_AT = 8;
  private static final int LOCAL_AT = 12;
  private static final int VTIME_AT = 17 + 5;
  private static final int VMIN_AT = 17 + 6;
  private static final int INPUT = IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON;

  private TerminalModes() {}

  /** Keys come at once and are not echoed; output goes through the line discipline still. */
  static void makeInteractive(byte[] settings, boolean signals) {
    ByteBuffer raw = ByteBuffer.wrap(settings).order(ByteOrder.nativeOrder());
    change(raw, OUTPUT_AT, 0, OPOST);
    makeUncooked(raw, signals ? 0 : ISIG);
  }

  /** Nothing is changed in either direction. */
  static void makeRaw(byte[] settings) {
    ByteBuffer raw = ByteBuffer.wrap(settings).order(ByteOrder.nativeOrder());
    change(raw, OUTPUT_AT, OPOST, 0);
    makeUncooked(raw, ISIG);
  }

  private static void makeUncooked(ByteBuffer settings, int alsoCleared) {
    change(settings, INPUT_AT, INPUT, 0);
    change(settings, LOCAL_AT, ECHO | ECHONL | ICANON | IEXTEN | alsoCleared, 0);
    change(settings, CONTROL_AT, PARENB, CS8);
    settings.put(VMIN_AT, (byte) 1);
    settings.put(VTIME_AT, (byte) 0);
  }

  private static void change(ByteBuffer settings, int at, int cleared, int set) {
    settings.putInt(at, settings.getInt(at) & ~cleared | set);
  }
}
