// SPDX-License-Identifier: Apache-2.0
/** The program: command line, wiring, end. */
@NullMarked
package org.qblockd.app;

import org.jspecify.annotations.NullMarked;
