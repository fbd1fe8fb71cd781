// SPDX-License-Identifier: Apache-2.0
/** The driver {@code vdi}, for reading. */
@NullMarked
package org.qblockd.driver.vdi;

import org.jspecify.annotations.NullMarked;
