// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

/**
 * What a handshake has led to: the client's side. Immutable.
 *
 * @param size bytes of the export
 * @param flags transmission flags
 * @param context the number of the metadata context that was asked for, or -1
 * @param minimumBlock alignment in bytes, 0 if the server has not said
 * @param maximumBlock the longest request in bytes, 0 if the server has not said
 */
public record ClientAgreement(
    long size, int flags, HeaderMode mode, int context, int minimumBlock, int maximumBlock) {

  /** Whether all of {@code mask} is set in the flags. */
  public boolean has(int mask) {
    return (flags & mask) == mask;
  }
}
