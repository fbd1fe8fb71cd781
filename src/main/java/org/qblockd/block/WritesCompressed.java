// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** A format whose {@link NodeOps#write} honours {@link RequestFlags#COMPRESSED}. */
public interface WritesCompressed {}
