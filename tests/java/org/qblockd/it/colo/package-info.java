// SPDX-License-Identifier: Apache-2.0
/** Two servers: migration from one to the other, and COLO with failovers on either side. */
@NullMarked
package org.qblockd.it.colo;

import org.jspecify.annotations.NullMarked;
