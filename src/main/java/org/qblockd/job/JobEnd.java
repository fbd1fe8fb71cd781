// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** Who is told of the end of a job by the server itself, not by events. Control lane. */
public interface JobEnd {
  /**
   * The job has released everything.
   *
   * @param error why it failed or that it was cancelled, or null after success
   */
  void ended(@Nullable BlockException error);
}
