// SPDX-License-Identifier: Apache-2.0
/** Tests of exports. */
@NullMarked
package org.qblockd.export;

import org.jspecify.annotations.NullMarked;
