// SPDX-License-Identifier: Apache-2.0
/**
 * The commands of {@code qemu-io}, by which a client of the monitor plays the guest. Control lane;
 * the I/O itself runs on virtual threads while the lane waits, or goes on (the {@code aio_} forms).
 */
@NullMarked
package org.qblockd.command.qemuio;

import org.jspecify.annotations.NullMarked;
