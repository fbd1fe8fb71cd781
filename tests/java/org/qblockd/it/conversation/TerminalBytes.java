// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The two directions of a byte stream, the incoming one pumped by a thread. Owned by one thread.
 */
final class TerminalBytes {
  private static final int END = -1;
  private static final int CONTROLS = 32;

  private final OutputStream out;
  private final LinkedBlockingQueue<Integer> incoming = new LinkedBlockingQueue<>();

  TerminalBytes(InputStream in, OutputStream out) {
    this.out = out;
    Thread.startVirtualThread(() -> pump(in));
  }

  private void pump(InputStream in) {
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        incoming.add(next);
      }
    } catch (IOException closed) {
      // The end of the stream, too.
    }
    incoming.add(END);
  }

  void send(String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  /** The next bytes up to a line feed or to {@code most}; less at the end of the stream. */
  String next(int most, long deadlineNanos) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    while (text.length() < most) {
      Integer one =
          incoming.poll(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (one == null) {
        throw new ConversationFailure("nothing comes after " + escape(text.toString()));
      }
      if (one == END) {
        incoming.add(END);
        break;
      }
      text.append((char) one.intValue());
      if (one == '\n') {
        break;
      }
    }
    return text.toString();
  }

  /** What comes until nothing has come for some time, for the recorder. */
  String untilQuiet(long millis) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    while (true) {
      Integer one = incoming.poll(millis, TimeUnit.MILLISECONDS);
      if (one == null) {
        return text.toString();
      }
      if (one == END) {
        incoming.add(END);
        return text.toString();
      }
      text.append((char) one.intValue());
    }
  }

  /** Text as the files have it: {@code \e} for escape, {@code \xNN} for what cannot be read. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '\033' -> escaped.append("\\e");
        default -> {
          boolean plain = c >= CONTROLS && c < 127;
          escaped.append(plain ? String.valueOf(c) : "\\x%02x".formatted((int) c));
        }
      }
    }
    return escaped.toString();
  }

  /** The reverse of {@link #escape}. */
  static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char kind = text.charAt(++i);
      if (kind == 'x') {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        plain.append("\\\n\r\t\033".charAt("\\nrte".indexOf(kind)));
      }
    }
    return plain.toString();
  }
}
