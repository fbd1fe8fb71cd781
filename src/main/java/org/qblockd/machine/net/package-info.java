// SPDX-License-Identifier: Apache-2.0
/** Network back ends, kept and shown: no packets flow, since there is no guest to send any. */
@NullMarked
package org.qblockd.machine.net;

import org.jspecify.annotations.NullMarked;
