// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.qblockd.storage.HostExtent;

/**
 * The run of data that was found last in a file. To look for the end of one costs a walk through
 * the file's pages on some file systems, and clients ask for one piece after the other. What is
 * data stays data until something of it is made a hole or zeroes, which has to be told here. Others
 * who punch holes behind our back only make zeroes look like data, which is no error. Any thread.
 */
final class DataRun {
  private record Known(long start, long end, long age) {}

  private final AtomicLong zeroings = new AtomicLong();
  private volatile @Nullable Known known;

  /** To be taken before the file is asked, and given back to {@link #found}. */
  long age() {
    return zeroings.get();
  }

  /** The end of the data that {@code offset} is known to lie in, in bytes; -1 when it is not. */
  long endOfDataAt(long offset) {
    Known run = known;
    return run != null && run.age == zeroings.get() && run.start <= offset && offset < run.end
        ? run.end
        : -1;
  }

  /** What the file said of {@code offset} after {@link #age} was {@code age}. */
  void found(long offset, HostExtent run, long age) {
    if (run.data()) {
      known = new Known(offset, run.end(), age);
    }
  }

  /** To be called after something may have become a hole or zeroes. */
  void forget() {
    long unused = zeroings.incrementAndGet();
  }
}
