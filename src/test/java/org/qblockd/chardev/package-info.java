// SPDX-License-Identifier: Apache-2.0
/** Tests of transports over real sockets. */
@NullMarked
package org.qblockd.chardev;

import org.jspecify.annotations.NullMarked;
