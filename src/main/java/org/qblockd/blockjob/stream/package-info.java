// SPDX-License-Identifier: Apache-2.0
/**
 * The stream: an image takes over what its backing files hold. Threads as in {@link
 * org.qblockd.job}.
 */
@NullMarked
package org.qblockd.blockjob.stream;

import org.jspecify.annotations.NullMarked;
