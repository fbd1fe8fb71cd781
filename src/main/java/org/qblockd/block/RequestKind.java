// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** What a request at a node asks for. */
public enum RequestKind {
  READ,
  WRITE,
  WRITE_ZEROES,
  DISCARD,
  FLUSH,
  BLOCK_STATUS,
  RESIZE
}
