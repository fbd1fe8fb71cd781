// SPDX-License-Identifier: Apache-2.0
/** The socket side of exports. */
@NullMarked
package org.qblockd.export.transport;

import org.jspecify.annotations.NullMarked;
