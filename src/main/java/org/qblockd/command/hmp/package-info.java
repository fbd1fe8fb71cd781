// SPDX-License-Identifier: Apache-2.0
/** The human monitor's commands, as {@code human-monitor-command} runs them. Control lane. */
@NullMarked
package org.qblockd.command.hmp;

import org.jspecify.annotations.NullMarked;
