// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.util.List;

/**
 * What the handshake tells of an export. Immutable.
 *
 * @param description may be empty
 * @param size bytes
 * @param flags transmission flags, without those that depend on the connection
 * @param minimumBlock the alignment that requests need, in bytes
 * @param contexts names of metadata contexts; a context's number is its index
 */
public record OfferedExport(
    String name,
    String description,
    long size,
    int flags,
    int minimumBlock,
    List<String> contexts) {

  /** The metadata context that each export has, with the number 0. */
  public static final String BASE_ALLOCATION = "base:allocation";

  /** The context that tells which layer of the backing chain has the data. */
  public static final String ALLOCATION_DEPTH = "qemu:allocation-depth";

  /** Begins the names of contexts that show bitmaps. */
  public static final String DIRTY_BITMAP = "qemu:dirty-bitmap:";

  /** Whether a query of a client means this context. */
  static boolean matches(String query, String context, boolean listing) {
    if (query.equals(context)) {
      return true;
    }
    return listing
        && (query.equals("base:") || query.equals("qemu:") || query.equals(DIRTY_BITMAP))
        && context.startsWith(query);
  }
}
