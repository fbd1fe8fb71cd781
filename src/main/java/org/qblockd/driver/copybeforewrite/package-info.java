// SPDX-License-Identifier: Apache-2.0
/** The driver {@code copy-before-write}. */
@NullMarked
package org.qblockd.driver.copybeforewrite;

import org.jspecify.annotations.NullMarked;
