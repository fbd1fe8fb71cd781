// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.GraphTransaction;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockcopy.BlockCopy;
import org.qblockd.blockcopy.ClusterSize;
import org.qblockd.blockcopy.CopyBeforeWrite;
import org.qblockd.blockcopy.SnapshotView;

/**
 * The place of a backup's filter in the graph: put over the source at the beginning, taken out at
 * the end. Control lane.
 */
final class CopyFilter {
  private final BlockGraph graph;
  private final BlockNode node;
  private final BlockCopy copy;

  private CopyFilter(BlockGraph graph, BlockNode node, BlockCopy copy) {
    this.graph = graph;
    this.node = node;
    this.copy = copy;
  }

  BlockNode node() {
    return node;
  }

  BlockCopy copy() {
    return copy;
  }

  /** Puts the filter over the source; everything is marked to be copied. */
  static CopyFilter insert(BlockGraph graph, BackupOptions options, long length)
      throws BlockException {
    BlockNode source = options.source();
    NodeOptions nodeOptions =
        new NodeOptions(false, false, false, false, true, DetectZeroes.OFF, false);
    BlockNode node;
    try {
      node = graph.createNode(options.common().filterNodeName(), "copy-before-write", nodeOptions);
    } catch (BlockException refused) {
      throw refused.prefixed("Could not create node: ");
    }
    node.setFilename(source.filename());
    try {
      int cluster = clusterSize(options);
      return graph.drained(source, () -> open(graph, node, options, length, cluster));
    } catch (BlockException refused) {
      takeOut(graph, node, source);
      throw refused.prefixed("Could not create node: ");
    }
  }

  private static CopyFilter open(
      BlockGraph graph, BlockNode node, BackupOptions options, long length, int cluster)
      throws BlockException {
    // The target first: an edge of its own to the source, as its backing file, must stay at the
    // source, and does when the target is seen to lie below the filter.
    Child target =
        graph.attach(
            node,
            "target",
            ChildRole.DATA,
            options.target(),
            new Perms(Permission.WRITE, Permission.ALL & ~Permission.RESIZE));
    Child file =
        graph.insertFilter(node, options.source(), "file", ChildRole.FILTERED | ChildRole.PRIMARY);
    DirtyBitmap marked = bitmap(cluster, length);
    BlockCopy copy =
        new BlockCopy(
            file,
            target,
            graph.buffers(),
            length,
            cluster,
            options.compress(),
            options.discardSource(),
            marked);
    if (options.performance().useCopyRange()) {
      copy.offload();
    }
    SnapshotView snapshot = SnapshotView.of(cluster, length, marked);
    node.opened(new CopyBeforeWrite(file, target, copy, snapshot, options.discardSource()));
    graph.refresh(node);
    node.addBitmap(marked);
    node.addBitmap(snapshot.saved());
    node.addBitmap(snapshot.readable());
    return new CopyFilter(graph, node, copy);
  }

  private static DirtyBitmap bitmap(int cluster, long length) {
    DirtyBitmap bitmap = new DirtyBitmap(null, cluster, length);
    bitmap.setEnabled(false);
    bitmap.set(0, length);
    return bitmap;
  }

  private static int clusterSize(BackupOptions options) throws BlockException {
    return ClusterSize.of(options.target(), options.performance().minClusterSize());
  }

  /**
   * Takes the filter out when the job has let it go: it is not closed, and the source not flushed,
   * as long as it is in its place.
   */
  void removeAfter(Runnable letGo) {
    node.setMonitorOwned(true);
    letGo.run();
    node.setMonitorOwned(false);
    remove();
  }

  /** Takes the filter out again. */
  void remove() {
    Child file = node.filtered();
    if (file != null) {
      takeOut(graph, node, file.node());
    }
  }

  /**
   * The source's users go back to it. The filter's edges go first: it would still want to write to
   * a target that cannot be written.
   */
  private static void takeOut(BlockGraph graph, BlockNode node, BlockNode source) {
    try {
      graph.drained(
          source,
          () -> {
            GraphTransaction transaction = new GraphTransaction();
            graph.replace(transaction, node, source);
            for (Child child : List.copyOf(node.children())) {
              graph.detach(transaction, child);
            }
            graph.refresh(transaction, source);
            transaction.commit();
            return source;
          });
    } catch (BlockException impossible) {
      throw new IllegalStateException("cannot take " + node + " out", impossible);
    }
    graph.closeIfUnused(node);
  }
}
