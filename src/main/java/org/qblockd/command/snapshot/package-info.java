// SPDX-License-Identifier: Apache-2.0
/** The commands that take snapshots. Control lane. */
@NullMarked
package org.qblockd.command.snapshot;

import org.jspecify.annotations.NullMarked;
