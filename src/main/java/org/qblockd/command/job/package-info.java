// SPDX-License-Identifier: Apache-2.0
/** The commands about jobs: {@code job-*} and {@code block-job-*}. Control lane. */
@NullMarked
package org.qblockd.command.job;

import org.jspecify.annotations.NullMarked;
