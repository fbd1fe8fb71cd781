// SPDX-License-Identifier: Apache-2.0
/** The driver {@code vpc}, for reading. */
@NullMarked
package org.qblockd.driver.vpc;

import org.jspecify.annotations.NullMarked;
