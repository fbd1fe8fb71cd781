// SPDX-License-Identifier: Apache-2.0
package org.qblockd.dashboard;

import java.util.List;
import java.util.function.Consumer;

/** What the dashboard wants to know beyond what QMP tells. Any thread. */
public interface Figures {

  /**
   * The requests of a node since it was opened.
   *
   * @param inFlight those that have begun and not ended
   * @param operations all, flushes included
   * @param bytes of reads, writes, discards
   */
  record NodeFigures(String node, String driver, int inFlight, long operations, long bytes) {}

  /** Who uses an export. */
  record ExportFigures(String export, String node, int clients) {}

  /** All of one moment. */
  record Moment(List<NodeFigures> nodes, List<ExportFigures> exports) {}

  /** Collects them on the control lane, then gives them away there. */
  void collect(Consumer<Moment> taker);
}
