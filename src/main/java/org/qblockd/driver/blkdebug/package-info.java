// SPDX-License-Identifier: Apache-2.0
/** Errors, stops and narrow limits on purpose, for tests. Control lane, unless said otherwise. */
@NullMarked
package org.qblockd.driver.blkdebug;

import org.jspecify.annotations.NullMarked;
