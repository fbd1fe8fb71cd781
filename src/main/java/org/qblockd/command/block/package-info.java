// SPDX-License-Identifier: Apache-2.0
/** The commands of {@code block-core.json} about nodes and drives. Control lane. */
@NullMarked
package org.qblockd.command.block;

import org.jspecify.annotations.NullMarked;
