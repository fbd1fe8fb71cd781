// SPDX-License-Identifier: Apache-2.0
/** Tests of the ground types, and the clock that tests move. */
@NullMarked
package org.qblockd.base;

import org.jspecify.annotations.NullMarked;
