// SPDX-License-Identifier: Apache-2.0
/**
 * What several commands have in common that may happen together or not at all. Each action is a
 * class beside the command of its name; {@code command.block.TransactionVerbs} names them all.
 */
@NullMarked
package org.qblockd.command.transaction;

import org.jspecify.annotations.NullMarked;
