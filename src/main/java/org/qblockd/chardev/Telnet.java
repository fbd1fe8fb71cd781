// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.Arrays;
import java.util.List;

/**
 * What telnet clients are told when they connect, and the removal of their commands from the input.
 * Immutable; its connections' threads are those of the front end.
 *
 * @param greeting the options that are announced and asked for (RFC 854, 857, 858, 856; RFC 1576)
 */
record Telnet(byte[] greeting) {
  private static final int IAC = 0xFF;
  private static final int WILL = 0xFB;
  private static final int DO = 0xFD;
  private static final int SB = 0xFA;
  private static final int SE = 0xF0;
  private static final int BREAK = 0xF3;
  private static final int BINARY = 0;
  private static final int ECHO = 1;
  private static final int SUPPRESS_GO_AHEAD = 3;
  private static final int TERMINAL_TYPE = 24;
  private static final int END_OF_RECORD = 25;
  private static final int SEND = 1;

  /** A line at a time is not wanted, nor the client's own echo. */
  static Telnet plain() {
    return of(IAC, WILL, ECHO, IAC, WILL, SUPPRESS_GO_AHEAD, IAC, WILL, BINARY, IAC, DO, BINARY);
  }

  /** For terminals of mainframes. */
  static Telnet tn3270() {
    return of(
        IAC,
        DO,
        END_OF_RECORD,
        IAC,
        WILL,
        END_OF_RECORD,
        IAC,
        DO,
        BINARY,
        IAC,
        WILL,
        BINARY,
        IAC,
        DO,
        TERMINAL_TYPE,
        IAC,
        SB,
        TERMINAL_TYPE,
        SEND,
        IAC,
        SE);
  }

  private static Telnet of(int... codes) {
    byte[] bytes = new byte[codes.length];
    for (int i = 0; i < codes.length; i++) {
      bytes[i] = (byte) codes[i];
    }
    return new Telnet(bytes);
  }

  /** A front end whose clients speak telnet; they have been greeted. */
  FrontEnd over(FrontEnd inner) {
    return connection -> new Filter(inner.connect(connection));
  }

  /** Takes commands out of what the client sends. */
  private static final class Filter implements Receiver {
    private final Receiver inner;

    /** Whether a command's code comes next. */
    private boolean command;

    /** Whether the option that a command is about comes next. */
    private boolean option;

    private boolean replayed;
    private byte[] plain = new byte[0];
    private int plainFrom;

    private Filter(Receiver inner) {
      this.inner = inner;
    }

    @Override
    public void begin() {
      inner.begin();
    }

    @Override
    public int receive(byte[] bytes, int from, int to) {
      if (!passRest()) {
        return from;
      }
      plain = new byte[to - from];
      plainFrom = 0;
      int length = 0;
      for (int i = from; i < to; i++) {
        if (isData(bytes[i] & 0xFF)) {
          plain[length++] = bytes[i];
        }
      }
      plain = Arrays.copyOf(plain, length);
      if (passRest()) {
        return to;
      }
      // Else it would not be called again; the last byte comes twice, and is nothing then.
      replayed = true;
      return to - 1;
    }

    private boolean isData(int code) {
      if (replayed) {
        replayed = false;
        return false;
      }
      if (option) {
        option = false;
        return false;
      }
      if (!command) {
        command = code == IAC;
        return !command;
      }
      command = false;
      option = code != IAC && code != BREAK;
      return code == IAC;
    }

    private boolean passRest() {
      plainFrom = inner.receive(plain, plainFrom, plain.length);
      return plainFrom == plain.length;
    }

    @Override
    public void offerDescriptors(List<Integer> received) {
      inner.offerDescriptors(received);
    }

    @Override
    public void endOfInput() {
      inner.endOfInput();
    }

    @Override
    public boolean writable() {
      return inner.writable();
    }

    @Override
    public void detach() {
      inner.detach();
    }

    @Override
    public void focus(boolean gained) {
      inner.focus(gained);
    }
  }
}
