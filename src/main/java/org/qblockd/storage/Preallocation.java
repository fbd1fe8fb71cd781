// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

/** How the space of a new file is reserved; QEMU's PreallocMode without metadata. */
public enum Preallocation {
  /** Not at all: a sparse file. */
  OFF,
  /** By reserving blocks (fallocate). */
  FALLOC,
  /** By writing zeroes. */
  FULL
}
