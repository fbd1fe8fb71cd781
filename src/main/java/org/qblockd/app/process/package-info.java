// SPDX-License-Identifier: Apache-2.0
/** What the process has to do with the system: signals, its id in a file. */
@NullMarked
package org.qblockd.app.process;

import org.jspecify.annotations.NullMarked;
