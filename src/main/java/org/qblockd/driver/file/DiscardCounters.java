// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import java.util.concurrent.atomic.LongAdder;
import org.qblockd.qapi.types.BlockStatsSpecific;
import org.qblockd.qapi.types.BlockStatsSpecificFile;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.qapi.types.ImageInfoSpecificFile;
import org.qblockd.qapi.types.ImageInfoSpecificFileWrapper;

/** Counts a file's discards for {@code query-blockstats}. Any thread. */
final class DiscardCounters {
  private final LongAdder ok = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  void succeeded(long count) {
    ok.increment();
    bytes.add(count);
  }

  void failed() {
    failed.increment();
  }

  BlockStatsSpecific statistics(boolean device) {
    BlockStatsSpecificFile counted =
        new BlockStatsSpecificFile(ok.sum(), failed.sum(), bytes.sum());
    return device
        ? new BlockStatsSpecific.HostDevice(counted)
        : new BlockStatsSpecific.File(counted);
  }

  static ImageInfoSpecific noFormatFacts() {
    return NoFacts.FILE;
  }

  private static final class NoFacts {
    static final ImageInfoSpecific FILE =
        new ImageInfoSpecific.File(
            new ImageInfoSpecificFileWrapper(
                new ImageInfoSpecificFile(java.util.Optional.empty())));
  }
}
