// SPDX-License-Identifier: Apache-2.0
/** Tests of the mirror in memory. */
@NullMarked
package org.qblockd.blockjob.mirror;

import org.jspecify.annotations.NullMarked;
