// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.Accounting;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.LatencyHistogram;
import org.qblockd.driver.DriverStatistics;
import org.qblockd.machine.Nodes;
import org.qblockd.machine.drive.Drive;
import org.qblockd.qapi.types.BlockDeviceStats;
import org.qblockd.qapi.types.BlockDeviceTimedStats;
import org.qblockd.qapi.types.BlockLatencyHistogramInfo;
import org.qblockd.qapi.types.BlockStats;

/** {@code BlockStats} of drives and nodes. Control lane. */
final class Statistics {
  private static final Accounting.Counters NOTHING = Accounting.Counters.NONE;

  private Statistics() {}

  /** The counters of a drive, with those of all nodes below it. */
  static BlockStats ofBackend(BlockBackend backend, @Nullable Drive drive) {
    BlockNode root = backend.node();
    BlockNode shown = root == null ? null : Nodes.skipImplicit(root);
    BlockDeviceStats counters = counters(backend.accounting(), shown);
    return BlockStats.builder()
        .device(backend.name())
        .qdev(QueryBlock.qdev(drive))
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
    if (primary == null || (primary.role() & (ChildRole.DATA | ChildRole.FILTERED)) == 0) {
      List<Child> data = new ArrayList<>(node.children());
      data.removeIf(child -> !child.hasRole(ChildRole.DATA));
      // Of several none is the one that stores.
      primary = data.size() == 1 ? data.getFirst() : null;
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

  private static BlockDeviceStats counters(Accounting accounting, @Nullable BlockNode node) {
    long idle = accounting.idleNanos();
    return common(
            accounting.of(Accounting.Kind.READ),
            accounting.of(Accounting.Kind.WRITE),
            accounting.of(Accounting.Kind.FLUSH),
            accounting.of(Accounting.Kind.UNMAP),
            accounting.of(Accounting.Kind.ZONE_APPEND))
        .wrHighestOffset(node == null ? 0 : node.highestWrite())
        .idleTimeNs(idle < 0 ? Optional.empty() : Optional.of(idle))
        .accountInvalid(accounting.countsInvalid())
        .accountFailed(accounting.countsFailed())
        .timedStats(timed(accounting))
        .build();
  }

  private static List<BlockDeviceTimedStats> timed(Accounting accounting) {
    int[] seconds = accounting.intervals();
    List<BlockDeviceTimedStats> all = new ArrayList<>(seconds.length);
    for (int i = 0; i < seconds.length; i++) {
      Accounting.Latency read = accounting.latency(i, Accounting.Kind.READ);
      Accounting.Latency write = accounting.latency(i, Accounting.Kind.WRITE);
      Accounting.Latency append = accounting.latency(i, Accounting.Kind.ZONE_APPEND);
      Accounting.Latency flush = accounting.latency(i, Accounting.Kind.FLUSH);
      all.add(
          new BlockDeviceTimedStats(
              Integer.toUnsignedLong(seconds[i]),
              read.min(),
              read.max(),
              read.average(),
              write.min(),
              write.max(),
              write.average(),
              append.min(),
              append.max(),
              append.average(),
              flush.min(),
              flush.max(),
              flush.average(),
              read.queueDepth(),
              write.queueDepth(),
              append.queueDepth()));
    }
    return all;
  }

  private static Optional<BlockLatencyHistogramInfo> histogram(Accounting.Counters counters) {
    LatencyHistogram histogram = counters.histogram();
    return histogram == null
        ? Optional.empty()
        : Optional.of(
            new BlockLatencyHistogramInfo(boxed(histogram.boundaries()), boxed(histogram.bins())));
  }

  private static List<Long> boxed(long[] values) {
    List<Long> list = new ArrayList<>(values.length);
    for (long value : values) {
      list.add(value);
    }
    return list;
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
        .timedStats(List.of())
        .rdLatencyHistogram(histogram(read))
        .wrLatencyHistogram(histogram(write))
        .zoneAppendLatencyHistogram(histogram(append))
        .flushLatencyHistogram(histogram(flush));
  }
}
