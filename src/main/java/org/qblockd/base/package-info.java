// SPDX-License-Identifier: Apache-2.0
/**
 * Ground types without dependencies: byte ranges, errno values, errors, clocks, the control lane.
 */
@NullMarked
package org.qblockd.base;

import org.jspecify.annotations.NullMarked;
