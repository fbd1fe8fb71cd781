// SPDX-License-Identifier: Apache-2.0
/** The driver nbd: an export of another server as a node. */
@NullMarked
package org.qblockd.driver.nbd;

import org.jspecify.annotations.NullMarked;
