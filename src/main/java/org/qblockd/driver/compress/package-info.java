// SPDX-License-Identifier: Apache-2.0
/** The driver {@code compress}. */
@NullMarked
package org.qblockd.driver.compress;

import org.jspecify.annotations.NullMarked;
