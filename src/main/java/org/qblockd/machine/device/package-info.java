// SPDX-License-Identifier: Apache-2.0
/** Buses and devices as far as QMP shows them. */
@NullMarked
package org.qblockd.machine.device;

import org.jspecify.annotations.NullMarked;
