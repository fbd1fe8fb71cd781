// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.HasBackingFile;
import org.qblockd.block.ReportsAllocation;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.driver.FileNames;
import org.qblockd.driver.FormatSpecific;
import org.qblockd.driver.ListsSnapshots;
import org.qblockd.qapi.types.ImageInfo;
import org.qblockd.qapi.types.SnapshotInfo;

/** {@code ImageInfo} of a node. Control lane. */
final class ImageInfos {
  private final FileNames names;

  ImageInfos(FileNames names) {
    this.names = names;
  }

  /**
   * The image of the node.
   *
   * @param chain whether the images below are described too
   */
  ImageInfo of(BlockNode node, boolean chain) throws BlockException {
    HasBackingFile backing = node.capability(HasBackingFile.class);
    FormatSpecific specific = node.capability(FormatSpecific.class);
    ReportsImageInfo.ImageFacts facts = facts(node);
    ListsSnapshots snapshots = node.capability(ListsSnapshots.class);
    String backingFile = backing == null ? null : backing.backingFile();
    return ImageInfo.builder()
        .filename(names.refresh(node))
        .format(node.driver())
        .virtualSize(node.length())
        .actualSize(allocated(node))
        .dirtyFlag(facts == null ? Optional.empty() : Optional.of(facts.dirty()))
        .clusterSize(clusterSize(facts))
        .encrypted(specific != null && specific.encrypted() ? Optional.of(true) : Optional.empty())
        .snapshots(snapshots == null ? Optional.empty() : listed(snapshots.snapshotInfos()))
        .backingFilename(Optional.ofNullable(backingFile))
        .fullBackingFilename(
            backingFile == null
                ? Optional.empty()
                : Optional.ofNullable(names.fullBackingFilename(node)))
        .backingFilenameFormat(
            backingFile == null || backing == null
                ? Optional.empty()
                : Optional.ofNullable(backing.backingFormat()))
        .formatSpecific(
            specific == null ? Optional.empty() : Optional.of(specific.imageInfoSpecific()))
        .backingImage(chain ? backingImage(node) : Optional.empty())
        .build();
  }

  /** An image without snapshots shows no list. */
  private static Optional<List<SnapshotInfo>> listed(List<SnapshotInfo> snapshots) {
    return snapshots.isEmpty() ? Optional.empty() : Optional.of(snapshots);
  }

  private Optional<ImageInfo> backingImage(BlockNode node) throws BlockException {
    Child below = next(node);
    return below == null ? Optional.empty() : Optional.of(of(below.node(), true));
  }

  /** The next image of the chain, as clients see it: also what a filter filters. */
  private static @Nullable Child next(BlockNode node) {
    Child below = node.filteredOrBacking();
    while (below != null && below.node().implicit()) {
      below = below.node().filteredOrBacking();
    }
    return below;
  }

  /** The edge to the next image of the chain; filters that the server put in are passed over. */
  static @Nullable Child visibleBacking(BlockNode node) {
    Child below = node.backing();
    while (below != null && below.node().implicit()) {
      below = below.node().filteredOrBacking();
    }
    return below;
  }

  private static Optional<Long> clusterSize(ReportsImageInfo.@Nullable ImageFacts facts) {
    return facts == null || facts.clusterSize() == 0
        ? Optional.empty()
        : Optional.of((long) facts.clusterSize());
  }

  /** A filter shows the facts of what it filters. */
  private static ReportsImageInfo.@Nullable ImageFacts facts(BlockNode node) {
    ReportsImageInfo reports = node.capability(ReportsImageInfo.class);
    if (reports != null) {
      return reports.imageFacts();
    }
    Child filtered = node.filtered();
    return filtered == null ? null : facts(filtered.node());
  }

  /** Space of the node itself and of what stores its data and metadata; none if one cannot tell. */
  private static Optional<Long> allocated(BlockNode node) {
    try {
      return Optional.of(allocatedBytes(node));
    } catch (BlockException unknown) {
      return Optional.empty();
    }
  }

  private static long allocatedBytes(BlockNode node) throws BlockException {
    ReportsAllocation reports = node.capability(ReportsAllocation.class);
    if (reports != null) {
      return reports.allocatedBytes();
    }
    long sum = 0;
    boolean stores = false;
    int storing =
        org.qblockd.block.ChildRole.DATA
            | org.qblockd.block.ChildRole.METADATA
            | org.qblockd.block.ChildRole.FILTERED;
    for (Child child : node.children()) {
      if ((child.role() & storing) != 0) {
        sum += allocatedBytes(child.node());
        stores = true;
      }
    }
    if (!stores) {
      throw BlockException.io(org.qblockd.base.Errno.ENOTSUP);
    }
    return sum;
  }
}
