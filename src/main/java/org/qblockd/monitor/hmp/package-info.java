// SPDX-License-Identifier: Apache-2.0
/** The interactive human monitor on a character device: line editing, history, completion. */
@NullMarked
package org.qblockd.monitor.hmp;

import org.jspecify.annotations.NullMarked;
