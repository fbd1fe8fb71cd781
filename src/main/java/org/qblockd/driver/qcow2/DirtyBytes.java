// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/** Metadata on their way to the file: where, and a copy of what. Immutable by convention. */
record DirtyBytes(long offset, byte[] bytes) {}
