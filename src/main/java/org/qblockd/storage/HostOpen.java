// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

/**
 * How to open a host file.
 *
 * @param writable for reading and writing, not only reading
 * @param direct past the page cache (O_DIRECT; cache.direct=on)
 * @param locking whether permissions become OFD locks; false only for locking=off, since auto and
 *     on are the same on a Linux that has these locks
 * @param type what the path must lead to
 */
public record HostOpen(boolean writable, boolean direct, boolean locking, HostFileType type) {
  /** A locked regular file through the page cache. */
  public static HostOpen regular(boolean writable) {
    return new HostOpen(writable, false, true, HostFileType.REGULAR);
  }
}
