// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.Drives;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockInfo;
import org.qblockd.qapi.types.BlockStats;

/** {@code query-block}, {@code query-named-block-nodes}, {@code query-blockstats}. Control lane. */
final class QueryBlock {
  private final BlockGraph graph;
  private final Drives drives;
  private final Clock clock;
  private final NodeInfos infos;

  QueryBlock(Machine machine) {
    this.graph = machine.graph();
    this.drives = machine.drives();
    this.clock = machine.clock();
    this.infos = new NodeInfos(machine.opener().fileNames());
  }

  List<BlockInfo> drives() throws BlockException {
    List<BlockInfo> all = new ArrayList<>();
    for (BlockBackend backend : graph.backends()) {
      if (!backend.name().isEmpty()) {
        all.add(drive(backend));
      }
    }
    return all;
  }

  private BlockInfo drive(BlockBackend backend) throws BlockException {
    BlockNode root = backend.node();
    Optional<BlockDeviceInfo> inserted =
        root == null || root.ejected()
            ? Optional.empty()
            : Optional.of(infos.of(Nodes.skipImplicit(root), backend, false));
    return BlockInfo.builder()
        .device(backend.name())
        .type("unknown")
        .removable(true)
        .locked(false)
        .inserted(inserted)
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
      if (!backend.name().isEmpty()) {
        all.add(Statistics.ofBackend(backend, drives.of(backend), clock));
      }
    }
    return all;
  }
}
