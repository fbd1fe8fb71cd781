// SPDX-License-Identifier: Apache-2.0
/** The commands about network back ends. */
@NullMarked
package org.qblockd.command.net;

import org.jspecify.annotations.NullMarked;
