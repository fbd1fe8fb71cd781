// SPDX-License-Identifier: Apache-2.0
/**
 * The qcow2 image format, versions 2 and 3: "decide, then do". Metadata decide where bytes lie
 * under one lock that is never held over data I/O; the request's own thread performs the I/O.
 */
@NullMarked
package org.qblockd.driver.qcow2;

import org.jspecify.annotations.NullMarked;
