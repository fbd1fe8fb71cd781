// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.CopyOnReadOps;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.GraphTransaction;
import org.qblockd.block.NodeOptions;

/**
 * The filter over a stream's image: what users read meanwhile is stored in the image as well, and
 * the chain that is read stays as it is. Control lane.
 */
final class StreamFilter {
  private final BlockGraph graph;
  private final BlockNode node;
  private final CopyOnReadOps ops;
  private boolean removed;

  private StreamFilter(BlockGraph graph, BlockNode node, CopyOnReadOps ops) {
    this.graph = graph;
    this.node = node;
    this.ops = ops;
  }

  /** Puts it over {@code source}; it copies from the images down to {@code bottom}. */
  static StreamFilter insert(
      BlockGraph graph, BlockNode source, BlockNode bottom, @Nullable String name)
      throws BlockException {
    NodeOptions options =
        new NodeOptions(false, false, false, false, true, DetectZeroes.OFF, false);
    BlockNode node;
    try {
      node = graph.createNode(name, "copy-on-read", options);
    } catch (BlockException refused) {
      throw refused.prefixed("Could not create node: ");
    }
    node.setImplicit(name == null);
    node.setFilename(source.filename());
    try {
      return graph.drained(source, () -> open(graph, node, source, bottom));
    } catch (BlockException refused) {
      node.closeOps();
      graph.closeIfUnused(node);
      throw refused.prefixed("Could not create node: ");
    }
  }

  private static StreamFilter open(
      BlockGraph graph, BlockNode node, BlockNode source, BlockNode bottom) throws BlockException {
    Child file = graph.insertFilter(node, source, "file", ChildRole.FILTERED | ChildRole.PRIMARY);
    StreamFilter filter = null;
    try {
      CopyOnReadOps ops = new CopyOnReadOps(file, node, bottom);
      node.opened(ops);
      filter = new StreamFilter(graph, node, ops);
      graph.refresh(node);
      return filter;
    } catch (BlockException refused) {
      node.closeOps();
      takeOut(graph, node, source);
      throw refused;
    }
  }

  BlockNode node() {
    return node;
  }

  /** The edge to the image. */
  Child file() {
    return ops.filtered();
  }

  /** Takes it out; once only, later calls do nothing. */
  void remove() {
    if (removed) {
      return;
    }
    removed = true;
    ops.thaw();
    try {
      takeOut(graph, node, file().node());
    } catch (BlockException impossible) {
      throw new IllegalStateException("cannot take " + node + " out", impossible);
    }
  }

  private static void takeOut(BlockGraph graph, BlockNode node, BlockNode source)
      throws BlockException {
    BlockNode unused =
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
    graph.closeIfUnused(node);
  }
}
