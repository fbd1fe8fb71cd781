// SPDX-License-Identifier: Apache-2.0

/** The commands of {@code testing.json}. */
@NullMarked
package org.qblockd.command.testing;

import org.jspecify.annotations.NullMarked;
