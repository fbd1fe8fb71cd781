// SPDX-License-Identifier: Apache-2.0

/** Faults and delays that requests of a node meet on demand, so that clients can be tried. */
@NullMarked
package org.qblockd.block.fault;

import org.jspecify.annotations.NullMarked;
