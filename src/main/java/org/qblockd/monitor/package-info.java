// SPDX-License-Identifier: Apache-2.0
/** QMP sessions: greeting, negotiation, request queue, out-of-band commands, events. */
@NullMarked
package org.qblockd.monitor;

import org.jspecify.annotations.NullMarked;
