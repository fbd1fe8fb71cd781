// SPDX-License-Identifier: Apache-2.0
/**
 * The commit: a backing file takes over what the images above it hold. Threads as in {@link
 * org.qblockd.job}.
 */
@NullMarked
package org.qblockd.blockjob.commit;

import org.jspecify.annotations.NullMarked;
