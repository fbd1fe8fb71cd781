// SPDX-License-Identifier: Apache-2.0
/** The driver {@code blklogwrites}. */
@NullMarked
package org.qblockd.driver.blklogwrites;

import org.jspecify.annotations.NullMarked;
