// SPDX-License-Identifier: Apache-2.0
/** Tests of the wire format. */
@NullMarked
package org.qblockd.nbd;

import org.jspecify.annotations.NullMarked;
