// SPDX-License-Identifier: Apache-2.0
/**
 * What all jobs on nodes have in common: edges with permissions, operation blockers, speed, error
 * policies, and the events of block jobs. Threads as in {@link org.qblockd.job}.
 */
@NullMarked
package org.qblockd.blockjob;

import org.jspecify.annotations.NullMarked;
