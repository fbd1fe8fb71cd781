// SPDX-License-Identifier: Apache-2.0
/** The dashboard from outside: its HTTP API, what it refuses, and its page in a browser. */
@NullMarked
package org.qblockd.it.dashboard;

import org.jspecify.annotations.NullMarked;
