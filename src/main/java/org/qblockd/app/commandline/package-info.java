// SPDX-License-Identifier: Apache-2.0
/**
 * The command line of QEMU's system emulator: which options there are, what they must look like,
 * and what they ask for. Opens nothing.
 */
@NullMarked
package org.qblockd.app.commandline;

import org.jspecify.annotations.NullMarked;
