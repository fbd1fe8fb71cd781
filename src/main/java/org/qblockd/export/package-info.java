// SPDX-License-Identifier: Apache-2.0
/** Nodes that other programs can use: block exports and the NBD server. */
@NullMarked
package org.qblockd.export;

import org.jspecify.annotations.NullMarked;
