// SPDX-License-Identifier: Apache-2.0
/** The commands of {@code migration.json}. */
@NullMarked
package org.qblockd.command.migration;

import org.jspecify.annotations.NullMarked;
