// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.jspecify.annotations.Nullable;

/**
 * What query-jobs shows.
 *
 * @param current work done, in a unit of the job
 * @param total work done and estimated to remain
 * @param error why the job failed, or null
 */
public record JobInfo(
    String id, JobType type, JobStatus status, long current, long total, @Nullable String error) {}
