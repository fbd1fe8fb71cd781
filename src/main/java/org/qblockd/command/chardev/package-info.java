// SPDX-License-Identifier: Apache-2.0
/** The commands of character devices. */
@NullMarked
package org.qblockd.command.chardev;

import org.jspecify.annotations.NullMarked;
