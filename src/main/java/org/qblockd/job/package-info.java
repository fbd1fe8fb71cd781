// SPDX-License-Identifier: Apache-2.0
/**
 * The life of a job: states and verbs as data, transactions of jobs, pause points, progress, speed
 * limits. It knows nothing of what jobs copy.
 *
 * <p>Threads: a job's state changes on the control lane only; its body is straight-line code on a
 * virtual thread of its own that reads the state and parks at pause points.
 */
@NullMarked
package org.qblockd.job;

import org.jspecify.annotations.NullMarked;
