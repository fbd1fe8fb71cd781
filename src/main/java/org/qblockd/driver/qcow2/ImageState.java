// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.qblockd.base.BlockException;

/**
 * What all parts of an open image share. Immutable; the lock guards refcounts, L1 and L2 entries
 * (changes, not lookups), allocations in flight and freed clusters. It is held over no data I/O.
 */
record ImageState(
    ImageFile file,
    GuestData data,
    BackingSource backing,
    Header header,
    Geometry geometry,
    AtomicReference<OpenOptions> openOptions,
    AccessMode access,
    Corruption corruption,
    OverlapChecks overlaps,
    RequestEpochs epochs,
    ReentrantLock lock) {

  /** The options that hold now; a reopen changes them. */
  OpenOptions options() {
    return openOptions.get();
  }

  /** Refuses a write of guest data that would hit metadata; a data file holds none. */
  void checkData(long hostOffset, long bytes) throws BlockException {
    if (!data.external()) {
      overlaps.check(OverlapChecks.NONE, hostOffset, bytes);
    }
  }

  /** Writes the whole header cluster from memory. */
  void rewriteHeader() throws BlockException {
    lock.lock();
    try {
      file.write(0, HeaderWriter.encode(header));
      file.flush();
    } finally {
      lock.unlock();
    }
  }
}
