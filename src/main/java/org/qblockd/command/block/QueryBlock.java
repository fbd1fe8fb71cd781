// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.Drives;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockDeviceIoStatus;
import org.qblockd.qapi.types.BlockInfo;
import org.qblockd.qapi.types.BlockStats;

/** {@code query-block}, {@code query-named-block-nodes}, {@code query-blockstats}. Control lane. */
final class QueryBlock {
  private final BlockGraph graph;
  private final Drives drives;
  private final NodeInfos infos;

  QueryBlock(Machine machine) {
    this.graph = machine.graph();
    this.drives = machine.drives();
    this.infos = new NodeInfos(machine.opener().fileNames());
  }

  List<BlockInfo> drives() throws BlockException {
    List<BlockInfo> all = new ArrayList<>();
    for (BlockBackend backend : graph.backends()) {
      Drive drive = drives.of(backend);
      if (shown(backend, drive)) {
        all.add(drive(backend, drive));
      }
    }
    return all;
  }

  private static boolean shown(BlockBackend backend, @Nullable Drive drive) {
    return !backend.name().isEmpty() || (drive != null && drive.user() != null);
  }

  /** How the device of a drive is shown: by id, else by path. */
  static Optional<String> qdev(@Nullable Drive drive) {
    return drive == null || drive.user() == null ? Optional.empty() : Optional.of(drive.userName());
  }

  private BlockInfo drive(BlockBackend backend, @Nullable Drive drive) throws BlockException {
    BlockNode root = backend.node();
    Optional<BlockDeviceInfo> inserted =
        root == null || root.ejected()
            ? Optional.empty()
            : Optional.of(infos.of(Nodes.skipImplicit(root), backend, false));
    return BlockInfo.builder()
        .device(backend.name())
        .qdev(qdev(drive))
        .type("unknown")
        .removable(drive == null || drive.removable())
        .locked(drive != null && drive.locked())
        .inserted(inserted)
        .trayOpen(
            drive != null && drive.hasTray() ? Optional.of(drive.trayOpen()) : Optional.empty())
        .ioStatus(
            drive == null
                ? Optional.empty()
                : drive.ioStatus().map(status -> BlockDeviceIoStatus.valueOf(status.name())))
        .build();
  }

  /** Newest first. */
  List<BlockDeviceInfo> nodes(boolean flat) throws BlockException {
    List<BlockDeviceInfo> all = new ArrayList<>();
    for (BlockNode node : List.copyOf(graph.nodes()).reversed()) {
      all.add(infos.of(node, null, flat));
    }
    return all;
  }

  List<BlockStats> statistics(boolean ofNodes) {
    List<BlockStats> all = new ArrayList<>();
    if (ofNodes) {
      for (BlockNode node : graph.nodes()) {
        all.add(Statistics.ofNode(node, false));
      }
      return all;
    }
    for (BlockBackend backend : graph.backends()) {
      Drive drive = drives.of(backend);
      if (shown(backend, drive)) {
        all.add(Statistics.ofBackend(backend, drive));
      }
    }
    return all;
  }
}
