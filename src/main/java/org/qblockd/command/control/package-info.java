// SPDX-License-Identifier: Apache-2.0
/** The commands about the monitor and the machine as a whole. Control lane. */
@NullMarked
package org.qblockd.command.control;

import org.jspecify.annotations.NullMarked;
