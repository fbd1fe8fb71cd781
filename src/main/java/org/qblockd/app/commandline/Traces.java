// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/**
 * The option {@code -trace}. There are no trace events here, so names of QEMU's are taken without a
 * word. Stateless; any thread.
 */
public final class Traces {
  private Traces() {}

  static void apply(OptionReader reader, String argument) throws QmpException, HelpException {
    answerHelp(reader.parse(OptionForm.of(OptionName.TRACE), argument));
  }

  /** Checks the option of the storage daemon, which takes short switches without a word. */
  public static void check(String argument) throws QmpException, HelpException {
    answerHelp(OptionForm.of(OptionName.TRACE).parse(argument, warning -> {}));
  }

  private static void answerHelp(Parsed parsed) throws HelpException {
    String pattern = parsed.get("enable");
    if ("help".equals(pattern) || "?".equals(pattern)) {
      throw new HelpException("");
    }
  }
}
