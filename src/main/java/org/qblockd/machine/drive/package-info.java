// SPDX-License-Identifier: Apache-2.0
/** Drives: what {@code -drive} describes, and what QMP shows of a device's access to its medium. */
@NullMarked
package org.qblockd.machine.drive;

import org.jspecify.annotations.NullMarked;
