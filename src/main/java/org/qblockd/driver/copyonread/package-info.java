// SPDX-License-Identifier: Apache-2.0
/** The driver {@code copy-on-read}. */
@NullMarked
package org.qblockd.driver.copyonread;

import org.jspecify.annotations.NullMarked;
