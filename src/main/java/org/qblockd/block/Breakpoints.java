// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that can stop requests at named events (blkdebug). Any thread. */
public interface Breakpoints {
  /** Stops the next request that raises {@code event} and names it {@code tag}. */
  void breakAt(String event, String tag) throws BlockException;

  /** Lets the requests stopped under {@code tag} go on; ENOENT if there are none. */
  void resume(String tag) throws BlockException;

  /** Removes the breakpoints with this tag and resumes what they stopped; ENOENT if none waited. */
  void removeBreak(String tag) throws BlockException;

  /** Whether a request is stopped under {@code tag}. */
  boolean isSuspended(String tag);

  /** How many times requests have been stopped so far. */
  long suspensions();
}
