// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.monitor.hmp.HumanInterpreter.Completion;

/**
 * The line that is being typed, and how it is shown: after each key the line is written anew, as
 * QEMU does, whatever the terminal. Works on bytes: a cursor step is one byte. Control lane.
 */
final class LineEditor {
  static final String PROMPT = "(qemu) ";

  /** The longest line, in bytes, as in QEMU. */
  static final int MAX_LINE = 4095;

  private static final int SCREEN_COLUMNS = 80;
  private static final int MIN_COLUMN = 10;
  private static final int COLUMN_GAP = 2;
  private static final int MAX_COMPLETIONS = 256;

  /** Asked when the tabulator is hit. */
  interface Completer {
    Completion complete(String head);
  }

  private enum State {
    PLAIN,
    ESCAPE,
    /** After ESC [. */
    CONTROL,
    /** After ESC O. */
    FUNCTION
  }

  private final Screen screen;
  private final History history;
  private final Completer completer;

  private final byte[] line = new byte[MAX_LINE];
  private int size;
  private int cursor;
  private State state = State.PLAIN;
  private int parameter;

  // What the terminal shows now.
  private byte[] shown = {};
  private int shownCursor;

  LineEditor(Screen screen, History history, Completer completer) {
    this.screen = screen;
    this.history = history;
    this.completer = completer;
  }

  /** Shows the prompt, after which the line is shown from nothing. */
  void prompt() {
    screen.put(PROMPT);
    nothingShown();
  }

  /** Shows the prompt, and an empty line after it. */
  void restart() {
    size = 0;
    cursor = 0;
    state = State.PLAIN;
    prompt();
  }

  /** Takes a key; returns the line when it is complete. */
  @Nullable String key(byte key) {
    String entered = null;
    switch (state) {
      case PLAIN -> entered = plain(key & 0xff);
      case ESCAPE -> escape(key);
      case CONTROL -> control(key);
      case FUNCTION -> function(key);
    }
    if (entered == null) {
      show();
    }
    return entered;
  }

  // ---- keys -----------------------------------------------------------------------------------

  private @Nullable String plain(int key) {
    switch (key) {
      case 'A' & 31 -> cursor = 0;
      case 'D' & 31 -> deleteUnderCursor();
      case 'E' & 31 -> cursor = size;
      case 'H' & 31, 127 -> deleteBeforeCursor();
      case '\t' -> complete();
      case '\n', '\r' -> {
        return enter();
      }
      case 'L' & 31 -> clearScreen();
      case 'N' & 31 -> replace(history.next());
      case 'P' & 31 -> replace(history.previous());
      case 'U' & 31 -> cut(0);
      case 'W' & 31 -> cut(wordStart());
      case 0x1b -> state = State.ESCAPE;
      case 0x9b -> beginControl();
      default -> {
        if (key >= ' ') {
          insert((byte) key);
        }
      }
    }
    return null;
  }

  private void escape(byte key) {
    state = State.PLAIN;
    if (key == '[') {
      beginControl();
    } else if (key == 'O') {
      state = State.FUNCTION;
    }
  }

  private void beginControl() {
    state = State.CONTROL;
    parameter = 0;
  }

  private void control(byte key) {
    if (key >= '0' && key <= '9') {
      parameter = parameter * 10 + key - '0';
      return;
    }
    state = State.PLAIN;
    switch (key) {
      case 'A', 'F' -> replace(history.previous());
      case 'B', 'E' -> replace(history.next());
      case 'C' -> cursor = Math.min(size, cursor + 1);
      case 'D' -> cursor = Math.max(0, cursor - 1);
      case '~' -> editingKey();
      default -> {}
    }
  }

  private void editingKey() {
    switch (parameter) {
      case 1 -> cursor = 0;
      case 3 -> deleteUnderCursor();
      case 4 -> cursor = size;
      default -> {}
    }
  }

  private void function(byte key) {
    state = State.PLAIN;
    switch (key) {
      case 'F' -> cursor = size;
      case 'H' -> cursor = 0;
      default -> {}
    }
  }

  // ---- changes --------------------------------------------------------------------------------

  private void insert(byte key) {
    if (size == MAX_LINE) {
      return;
    }
    System.arraycopy(line, cursor, line, cursor + 1, size - cursor);
    line[cursor] = key;
    size++;
    cursor++;
  }

  private void deleteUnderCursor() {
    if (cursor < size) {
      cursor++;
      cut(cursor - 1);
    }
  }

  private void deleteBeforeCursor() {
    cut(Math.max(0, cursor - 1));
  }

  /** Removes what is between {@code start} and the cursor. */
  private void cut(int start) {
    System.arraycopy(line, cursor, line, start, size - cursor);
    size -= cursor - start;
    cursor = start;
  }

  private int wordStart() {
    int start = cursor;
    while (start > 0 && isBlank(line[start - 1])) {
      start--;
    }
    while (start > 0 && !isBlank(line[start - 1])) {
      start--;
    }
    return start;
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
  }

  private void replace(@Nullable String with) {
    if (with != null) {
      byte[] bytes = with.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(bytes, 0, line, 0, bytes.length);
      size = bytes.length;
      cursor = size;
    }
  }

  private String enter() {
    history.add(new String(line, 0, size, StandardCharsets.ISO_8859_1));
    String entered = new String(line, 0, size, StandardCharsets.UTF_8);
    size = 0;
    cursor = 0;
    screen.put("\r\n");
    nothingShown();
    return entered;
  }

  // ---- completion -----------------------------------------------------------------------------

  private void complete() {
    Completion found = completer.complete(new String(line, 0, cursor, StandardCharsets.ISO_8859_1));
    List<String> words = found.words().subList(0, Math.min(MAX_COMPLETIONS, found.words().size()));
    if (words.isEmpty()) {
      return;
    }
    String common = commonPrefix(words);
    for (int i = found.typed(); i < common.length(); i++) {
      insert((byte) common.charAt(i));
    }
    if (words.size() > 1) {
      list(words);
    } else if (!common.endsWith("/")) {
      insert((byte) ' ');
    }
  }

  private static String commonPrefix(List<String> words) {
    String common = words.getFirst();
    for (String word : words) {
      int same = 0;
      int limit = Math.min(common.length(), word.length());
      while (same < limit && common.charAt(same) == word.charAt(same)) {
        same++;
      }
      common = common.substring(0, same);
    }
    return common;
  }

  private void list(List<String> words) {
    int longest = 0;
    for (String word : words) {
      longest = Math.max(longest, word.length());
    }
    int width = Math.min(SCREEN_COLUMNS, Math.max(MIN_COLUMN, longest + COLUMN_GAP));
    int columns = SCREEN_COLUMNS / width;
    StringBuilder rows = new StringBuilder("\r\n");
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      rows.append(word).append(" ".repeat(Math.max(0, width - word.length())));
      if ((i + 1) % columns == 0 || i + 1 == words.size()) {
        rows.append("\r\n");
      }
    }
    screen.put(rows.toString());
    prompt();
  }

  // ---- the terminal ---------------------------------------------------------------------------

  private void clearScreen() {
    screen.put("\033[2J\033[1;1H");
    prompt();
  }

  private void nothingShown() {
    shown = new byte[0];
    shownCursor = 0;
  }

  private void show() {
    boolean same = size == shown.length && Arrays.equals(line, 0, size, shown, 0, size);
    int terminalCursor = shownCursor;
    if (!same) {
      back(shownCursor);
      shown = Arrays.copyOf(line, size);
      screen.put(shown);
      screen.put("\033[K");
      terminalCursor = size;
    }
    back(terminalCursor - cursor);
    forward(cursor - terminalCursor);
    shownCursor = cursor;
  }

  private void back(int steps) {
    screen.put("\033[D".repeat(Math.max(0, steps)));
  }

  private void forward(int steps) {
    screen.put("\033[C".repeat(Math.max(0, steps)));
  }
}
