// SPDX-License-Identifier: Apache-2.0
/** The driver {@code snapshot-access}. */
@NullMarked
package org.qblockd.driver.snapshotaccess;

import org.jspecify.annotations.NullMarked;
