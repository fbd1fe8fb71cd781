// SPDX-License-Identifier: Apache-2.0
/** Commands that drive block replication by hand. */
@NullMarked
package org.qblockd.command.replication;

import org.jspecify.annotations.NullMarked;
