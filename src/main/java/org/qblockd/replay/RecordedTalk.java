// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * A recording: what {@code --record} writes, or a conversation of the project's tests. Immutable.
 *
 * @param greets whether it begins with the greeting and the negotiation
 */
record RecordedTalk(List<Line> lines, boolean greets) {
  /**
   * One message.
   *
   * @param number of the line in the file
   * @param session 1 for the first
   * @param request whether a client said it
   */
  record Line(int number, int session, boolean request, JsonObject message) {
    boolean event() {
      return message.get("event") != null;
    }
  }

  private static final Pattern MESSAGE =
      Pattern.compile("(?:@(\\d+) )?(->|<-|<=|\\*-)(?:[\\d?]*) (.*)", Pattern.DOTALL);

  /**
   * Reads a file. Lines that only the project's own player understands ({@code !setup}, …) are
   * passed over, but for {@code !greeting}.
   *
   * @throws IOException also for a line that is wrong
   */
  static RecordedTalk read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    boolean greets = false;
    int number = 0;
    for (String text : Files.readAllLines(file, UTF_8)) {
      number++;
      greets |= text.equals("!greeting");
      Matcher matcher = MESSAGE.matcher(text);
      if (!matcher.matches()) {
        continue;
      }
      int session = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
      JsonValue value = parse(file, number, matcher.group(3));
      if (value instanceof JsonObject message) {
        lines.add(new Line(number, session, matcher.group(2).equals("->"), message));
      }
    }
    if (lines.isEmpty()) {
      throw new IOException(file + " holds no exchange");
    }
    return new RecordedTalk(List.copyOf(lines), greets);
  }

  private static JsonValue parse(Path file, int number, String text) throws IOException {
    try {
      return JsonStream.parse(text);
    } catch (JsonSyntaxException e) {
      throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
    }
  }

  /** How many sessions there are. */
  int sessions() {
    return lines.stream().mapToInt(Line::session).max().orElse(1);
  }

  /** The lines of one session. */
  List<Line> of(int session) {
    return lines.stream().filter(line -> line.session() == session).toList();
  }
}
