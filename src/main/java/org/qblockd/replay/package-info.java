// SPDX-License-Identifier: Apache-2.0

/** Recorded exchanges: played against a server, or served to a client. */
@NullMarked
package org.qblockd.replay;

import org.jspecify.annotations.NullMarked;
