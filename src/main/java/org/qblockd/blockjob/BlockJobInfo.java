// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.job.JobStatus;
import org.qblockd.job.JobType;

/**
 * What query-block-jobs shows.
 *
 * @param len total progress
 * @param offset current progress
 * @param speed bytes per second, 0 for no limit
 * @param error why the job failed, or null
 * @param activelySynced only mirror: whether every write reaches the target before it completes;
 *     null for other jobs
 */
public record BlockJobInfo(
    JobType type,
    String device,
    long len,
    long offset,
    boolean busy,
    boolean paused,
    long speed,
    IoStatus ioStatus,
    boolean ready,
    JobStatus status,
    boolean autoFinalize,
    boolean autoDismiss,
    @Nullable String error,
    @Nullable Boolean activelySynced) {}
