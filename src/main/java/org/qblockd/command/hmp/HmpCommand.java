// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/**
 * A command of the human monitor: one row of a table. Immutable; any thread, but for the body.
 *
 * @param name its names with bars between them, the first one is the main one
 * @param notation what it takes, as {@link Parameter#list} reads it
 * @param synopsis the parameters in help texts
 * @param summary what it does; may have several lines
 * @param body what it does
 * @param completer the words that may stand in its parameters; null for what the parameters tell
 */
record HmpCommand(
    String name,
    String notation,
    String synopsis,
    String summary,
    Body body,
    @Nullable Completer completer) {

  /** What a command does. On the control lane. */
  interface Body {
    /** Runs the command; prints what the user sees. */
    void run(HmpCall call) throws QmpException, BlockException;
  }

  /** Knows words for the parameters of a command. On the control lane. */
  interface Completer {
    /** All words for the parameter at {@code position}, from 1. */
    List<String> words(int position);
  }

  HmpCommand(String name, String notation, String synopsis, String summary, Body body) {
    this(name, notation, synopsis, summary, body, null);
  }

  /** The same command with words for its parameters. */
  HmpCommand completedBy(Completer words) {
    return new HmpCommand(name, notation, synopsis, summary, body, words);
  }

  List<String> names() {
    return List.of(name.split("\\|", -1));
  }

  List<Parameter> parameters() {
    return Parameter.list(notation);
  }

  /** The line that {@code help} prints. */
  String helpLine(String prefix) {
    return prefix + name + " " + synopsis + " -- " + summary + "\n";
  }
}
