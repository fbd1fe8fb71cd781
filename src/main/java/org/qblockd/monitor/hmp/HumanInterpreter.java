// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import java.util.List;

/** What a human monitor's lines mean. Control lane. */
public interface HumanInterpreter {
  /**
   * What may follow what has been typed.
   *
   * @param typed how many bytes of the last word are already there
   * @param words the whole words that fit, in the order in which they are listed
   */
  record Completion(int typed, List<String> words) {
    /** Nothing fits. */
    public static final Completion NONE = new Completion(0, List.of());
  }

  /**
   * Runs one line.
   *
   * @return what the user sees, lines ended by CR LF; errors too
   */
  String run(String line);

  /** What the last word of {@code head}, the line up to the cursor, can become. */
  Completion complete(String head);
}
