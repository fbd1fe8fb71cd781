// SPDX-License-Identifier: Apache-2.0
/** The commands about exports and the NBD server. */
@NullMarked
package org.qblockd.command.export;

import org.jspecify.annotations.NullMarked;
