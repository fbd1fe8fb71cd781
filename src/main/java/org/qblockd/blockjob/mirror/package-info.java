// SPDX-License-Identifier: Apache-2.0
/**
 * The mirror: keeps a second image in step with a node that is being written. Threads as in {@link
 * org.qblockd.job}.
 */
@NullMarked
package org.qblockd.blockjob.mirror;

import org.jspecify.annotations.NullMarked;
