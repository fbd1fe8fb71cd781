// SPDX-License-Identifier: Apache-2.0
/** Limits of requests and bytes per second, for drives and nodes that share a group. */
@NullMarked
package org.qblockd.block.throttle;

import org.jspecify.annotations.NullMarked;
