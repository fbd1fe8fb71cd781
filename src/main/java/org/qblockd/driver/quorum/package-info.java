// SPDX-License-Identifier: Apache-2.0
/** The driver {@code quorum}. */
@NullMarked
package org.qblockd.driver.quorum;

import org.jspecify.annotations.NullMarked;
