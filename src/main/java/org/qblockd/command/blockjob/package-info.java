// SPDX-License-Identifier: Apache-2.0
/** The commands that start block jobs. Control lane. */
@NullMarked
package org.qblockd.command.blockjob;

import org.jspecify.annotations.NullMarked;
