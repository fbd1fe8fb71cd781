// SPDX-License-Identifier: Apache-2.0
/** The commands that make and remove objects of users. */
@NullMarked
package org.qblockd.command.object;

import org.jspecify.annotations.NullMarked;
