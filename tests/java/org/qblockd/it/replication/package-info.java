// SPDX-License-Identifier: Apache-2.0
/**
 * Block replication between two processes over NBD, driven by the commands {@code xen-*}: ours with
 * ours, and ours with the real QEMU on either side.
 */
@NullMarked
package org.qblockd.it.replication;

import org.jspecify.annotations.NullMarked;
