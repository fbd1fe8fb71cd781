// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.block.Accounting;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.driver.DriverStatistics;
import org.qblockd.machine.Drive;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.types.BlockDeviceStats;
import org.qblockd.qapi.types.BlockStats;

/** {@code BlockStats} of drives and nodes. Control lane. */
final class Statistics {
  private static final Accounting.Counters NOTHING = new Accounting().of(Accounting.Kind.READ);

  private Statistics() {}

  /** The counters of a drive, with those of all nodes below it. */
  static BlockStats ofBackend(BlockBackend backend, @Nullable Drive drive, Clock clock) {
    BlockNode root = backend.node();
    BlockNode shown = root == null ? null : Nodes.skipImplicit(root);
    BlockDeviceStats counters = counters(backend.accounting(), shown, drive, clock);
    return BlockStats.builder()
        .device(backend.name())
        .nodeName(shown == null ? Optional.empty() : Optional.of(shown.name()))
        .stats(counters)
        .driverSpecific(shown == null ? Optional.empty() : specific(shown))
        .parent(shown == null ? Optional.empty() : stored(shown, true))
        .backing(shown == null ? Optional.empty() : below(shown))
        .build();
  }

  /**
   * The counters of a node.
   *
   * @param chain whether the image below is shown too, and implicit filters are passed over
   */
  static BlockStats ofNode(BlockNode node, boolean chain) {
    BlockNode shown = chain ? Nodes.skipImplicit(node) : node;
    return BlockStats.builder()
        .nodeName(shown.name())
        .stats(nodeCounters(shown))
        .driverSpecific(specific(shown))
        .parent(stored(shown, chain))
        .backing(chain ? below(shown) : Optional.empty())
        .build();
  }

  private static Optional<org.qblockd.qapi.types.BlockStatsSpecific> specific(BlockNode node) {
    DriverStatistics statistics = node.capability(DriverStatistics.class);
    return statistics == null ? Optional.empty() : Optional.of(statistics.statistics());
  }

  private static Optional<BlockStats> stored(BlockNode node, boolean chain) {
    Child primary = node.primary();
    int data = ChildRole.DATA | ChildRole.FILTERED;
    if (primary == null || (primary.role() & data) == 0) {
      primary = null;
      for (Child child : node.children()) {
        if (primary == null && (child.role() & data) != 0) {
          primary = child;
        }
      }
    }
    return primary == null ? Optional.empty() : Optional.of(ofNode(primary.node(), chain));
  }

  private static Optional<BlockStats> below(BlockNode node) {
    Child below = node.filteredOrBacking();
    return below == null ? Optional.empty() : Optional.of(ofNode(below.node(), true));
  }

  private static BlockDeviceStats nodeCounters(BlockNode node) {
    return common(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
        .wrHighestOffset(node.highestWrite())
        .accountInvalid(false)
        .accountFailed(false)
        .build();
  }

  private static BlockDeviceStats counters(
      Accounting accounting, @Nullable BlockNode node, @Nullable Drive drive, Clock clock) {
    long idle = clock.monotonicNanos() - accounting.lastAccessNanos();
    return common(
            accounting.of(Accounting.Kind.READ),
            accounting.of(Accounting.Kind.WRITE),
            accounting.of(Accounting.Kind.FLUSH),
            accounting.of(Accounting.Kind.UNMAP),
            accounting.of(Accounting.Kind.ZONE_APPEND))
        .wrHighestOffset(node == null ? 0 : node.highestWrite())
        .idleTimeNs(accounting.accessed() ? Optional.of(idle) : Optional.empty())
        .accountInvalid(drive == null || drive.accountInvalid())
        .accountFailed(drive == null || drive.accountFailed())
        .build();
  }

  private static BlockDeviceStats.Builder common(
      Accounting.Counters read,
      Accounting.Counters write,
      Accounting.Counters flush,
      Accounting.Counters unmap,
      Accounting.Counters append) {
    return BlockDeviceStats.builder()
        .rdBytes(read.bytes())
        .wrBytes(write.bytes())
        .zoneAppendBytes(append.bytes())
        .unmapBytes(unmap.bytes())
        .rdOperations(read.operations())
        .wrOperations(write.operations())
        .zoneAppendOperations(append.operations())
        .flushOperations(flush.operations())
        .unmapOperations(unmap.operations())
        .rdTotalTimeNs(read.nanos())
        .wrTotalTimeNs(write.nanos())
        .zoneAppendTotalTimeNs(append.nanos())
        .flushTotalTimeNs(flush.nanos())
        .unmapTotalTimeNs(unmap.nanos())
        .rdMerged(read.merged())
        .wrMerged(write.merged())
        .zoneAppendMerged(append.merged())
        .unmapMerged(unmap.merged())
        .failedRdOperations(read.failed())
        .failedWrOperations(write.failed())
        .failedZoneAppendOperations(append.failed())
        .failedFlushOperations(flush.failed())
        .failedUnmapOperations(unmap.failed())
        .invalidRdOperations(read.invalid())
        .invalidWrOperations(write.invalid())
        .invalidZoneAppendOperations(append.invalid())
        .invalidFlushOperations(flush.invalid())
        .invalidUnmapOperations(unmap.invalid())
        .timedStats(List.of());
  }
}
