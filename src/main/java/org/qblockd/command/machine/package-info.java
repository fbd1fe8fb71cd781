// SPDX-License-Identifier: Apache-2.0
/** The commands that ask about a machine which is only a description here. Control lane. */
@NullMarked
package org.qblockd.command.machine;

import org.jspecify.annotations.NullMarked;
