// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.jspecify.annotations.Nullable;

/**
 * What every job is created with.
 *
 * @param id the identifier, or null for a job that only the server sees
 * @param autoFinalize whether the job goes on from pending by itself
 * @param autoDismiss whether the job vanishes from concluded by itself
 * @param transaction the jobs to end together with, or null for none
 * @param end who is told of the end, or null
 */
public record JobOptions(
    @Nullable String id,
    boolean autoFinalize,
    boolean autoDismiss,
    @Nullable JobTransaction transaction,
    @Nullable JobEnd end) {
  /** Nobody within the server waits for the end. */
  public JobOptions(
      @Nullable String id,
      boolean autoFinalize,
      boolean autoDismiss,
      @Nullable JobTransaction transaction) {
    this(id, autoFinalize, autoDismiss, transaction, null);
  }

  /** A job that finalizes and dismisses itself. */
  public static JobOptions named(String id) {
    return new JobOptions(id, true, true, null);
  }

  /** A job that only the server sees. */
  public static JobOptions internal() {
    return new JobOptions(null, true, true, null);
  }

  /** A job that only the server sees, which wants to know its end. */
  public static JobOptions internal(JobEnd end) {
    return new JobOptions(null, true, true, null, end);
  }
}
