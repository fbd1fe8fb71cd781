// SPDX-License-Identifier: Apache-2.0

/** Tests of the package. */
@NullMarked
package org.qblockd.replay;

import org.jspecify.annotations.NullMarked;
