// SPDX-License-Identifier: Apache-2.0
/**
 * The backup: copies a node as it was when the job began, while it is being written. Threads as in
 * {@link org.qblockd.job}.
 */
@NullMarked
package org.qblockd.blockjob.backup;

import org.jspecify.annotations.NullMarked;
