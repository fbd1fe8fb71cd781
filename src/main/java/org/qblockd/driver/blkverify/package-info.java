// SPDX-License-Identifier: Apache-2.0
/** The driver {@code blkverify}. */
@NullMarked
package org.qblockd.driver.blkverify;

import org.jspecify.annotations.NullMarked;
