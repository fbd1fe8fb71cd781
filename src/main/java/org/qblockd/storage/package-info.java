// SPDX-License-Identifier: Apache-2.0
/** Host bytes: positional file I/O, flush, allocation, extents, copy offload and image locks. */
@NullMarked
package org.qblockd.storage;

import org.jspecify.annotations.NullMarked;
