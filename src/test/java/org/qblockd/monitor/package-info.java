// SPDX-License-Identifier: Apache-2.0
/** Tests of sessions, events and their limits, with QEMU's answers. */
@NullMarked
package org.qblockd.monitor;

import org.jspecify.annotations.NullMarked;
