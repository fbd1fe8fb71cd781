// SPDX-License-Identifier: Apache-2.0
/** The driver {@code throttle}. */
@NullMarked
package org.qblockd.driver.throttle;

import org.jspecify.annotations.NullMarked;
