// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.qapi.types.BlockStatsSpecific;

/** A driver with counters of its own to show in {@code query-blockstats}. Any thread. */
public interface DriverStatistics {
  /** The counters now. */
  BlockStatsSpecific statistics();
}
