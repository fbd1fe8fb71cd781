// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Kind;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/**
 * A monitor as {@code -mon} and {@code -qmp} ask for it. Immutable; any thread.
 *
 * @param chardev the id of its character device, or null
 * @param mode {@code control}, {@code readline} or something wrong
 * @param pretty whether replies are spread over lines, or null when it is not said
 */
public record MonitorOptions(@Nullable String chardev, String mode, @Nullable Boolean pretty) {
  private static final String CONTROL = "control";

  static final OptsParser PARSER =
      OptsParser.of(
          "chardev", Map.of("mode", Kind.STRING, "chardev", Kind.STRING, "pretty", Kind.BOOL));

  static MonitorOptions of(Parsed parsed) throws QmpException {
    String mode = parsed.get("mode");
    Boolean pretty = parsed.get("pretty") == null ? null : parsed.flag("pretty", false);
    return new MonitorOptions(parsed.get("chardev"), mode == null ? "readline" : mode, pretty);
  }

  /** A monitor of the storage daemon, which has no human ones. */
  public static MonitorOptions ofDaemon(String text) throws QmpException {
    InputVisitor in = Keyval.visitor(text, "chardev");
    in.startStruct(null);
    if (in.has("id")) {
      String unused = in.string("id");
    }
    String mode = in.has("mode") ? in.string("mode") : CONTROL;
    if (!mode.equals(CONTROL) && !mode.equals("readline")) {
      throw QmpException.generic("Parameter 'mode' does not accept value '" + mode + "'");
    }
    boolean pretty = in.has("pretty") && in.bool("pretty");
    String chardev = in.string("chardev");
    in.endStruct();
    return new MonitorOptions(chardev, mode, mode.equals(CONTROL) ? pretty : null);
  }

  /** Whether it speaks QMP. */
  public boolean control() {
    return mode.equals(CONTROL);
  }

  /** Refuses what no monitor can be, except for its chardev, which the caller looks up. */
  public void check(String location) throws CommandLineException {
    if (!control() && !mode.equals("readline")) {
      throw new CommandLineException(
          location, "Parameter 'mode' does not accept value '" + mode + "'");
    }
    if (chardev == null) {
      throw new CommandLineException(location, "Parameter 'chardev' is missing");
    }
    if (!control() && pretty != null) {
      throw new CommandLineException(location, "'pretty' is not compatible with HMP monitors");
    }
  }
}
