// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import org.jspecify.annotations.Nullable;

/** Is told of commands that have been run, as a dashboard shows them. On the command's thread. */
public interface CommandWatcher {

  /**
   * A command and how it ended.
   *
   * @param arguments as JSON in one line, without secrets; empty when they were too long to keep
   * @param errorClass null after success
   * @param error the sentence of the error; null after success
   * @param nanos how long it took
   */
  record Call(
      String command,
      String arguments,
      @Nullable String errorClass,
      @Nullable String error,
      long nanos) {}

  /** Whether the calls of this session are of interest; null for commands of no session. */
  boolean wants(@Nullable Session session);

  /** A command has been answered, or is about to be. Must not block. */
  void called(@Nullable Session session, Call call);
}
