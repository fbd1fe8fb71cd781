// SPDX-License-Identifier: Apache-2.0
/** Tests of the backup in memory. */
@NullMarked
package org.qblockd.blockjob.backup;

import org.jspecify.annotations.NullMarked;
