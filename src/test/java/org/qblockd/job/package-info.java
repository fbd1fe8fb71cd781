// SPDX-License-Identifier: Apache-2.0
/** Tests of the job machine. */
@NullMarked
package org.qblockd.job;

import org.jspecify.annotations.NullMarked;
