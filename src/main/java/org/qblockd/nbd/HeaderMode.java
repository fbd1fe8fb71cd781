// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

/** What replies of a connection look like, simplest first. */
public enum HeaderMode {
  /** A header and the data, all or nothing. */
  SIMPLE,
  /** Chunks, which can leave holes out and carry messages. */
  STRUCTURED,
  /** Chunks and requests with lengths of 64 bits. */
  EXTENDED
}
