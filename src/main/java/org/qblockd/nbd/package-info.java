// SPDX-License-Identifier: Apache-2.0
/** The NBD protocol: wire format and both sides' negotiation, without sockets. */
@NullMarked
package org.qblockd.nbd;

import org.jspecify.annotations.NullMarked;
