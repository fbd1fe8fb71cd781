// SPDX-License-Identifier: Apache-2.0

/** A client of QMP, for the shell, for replaying, and for tests of others. */
@NullMarked
package org.qblockd.client;

import org.jspecify.annotations.NullMarked;
