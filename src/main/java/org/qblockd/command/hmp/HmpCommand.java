// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Map;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/**
 * A command of the human monitor.
 *
 * @param names its names, the first one is the main one
 * @param parameters what it takes, in order
 * @param synopsis the parameters in help texts
 * @param summary what it does; may have several lines
 * @param body what it does
 */
record HmpCommand(
    List<String> names, List<Parameter> parameters, String synopsis, String summary, Body body) {

  /** What a parameter looks like. */
  enum Kind {
    /** A switch such as -d, present or not. */
    FLAG,
    /** The name of a drive or node. */
    DEVICE,
    /** The name of a drive or node, or nothing. */
    OPTIONAL_DEVICE,
    /** Any string. */
    STRING,
    /** The whole rest of the line, which may be empty. */
    REST
  }

  /** A parameter; a flag's name is its letter. */
  record Parameter(String name, Kind kind) {}

  /** What a command does. */
  interface Body {
    /**
     * Runs the command.
     *
     * @return what the monitor's user sees, lines ended by CR LF
     */
    String run(Map<String, String> arguments) throws QmpException, BlockException;
  }

  /** The line that {@code help} prints. */
  String helpLine(String prefix) {
    return prefix
        + String.join("|", names)
        + " "
        + synopsis
        + " -- "
        + summary.replace("\n", "\r\n")
        + "\r\n";
  }
}
