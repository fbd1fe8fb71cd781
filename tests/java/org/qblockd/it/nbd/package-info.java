// SPDX-License-Identifier: Apache-2.0
/** The NBD server and the driver {@code nbd} with real peers on the other side. */
@NullMarked
package org.qblockd.it.nbd;

import org.jspecify.annotations.NullMarked;
