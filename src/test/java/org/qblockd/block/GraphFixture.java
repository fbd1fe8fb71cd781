// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.ControlLane;

/** A graph with its lane, and nodes over memory. */
final class GraphFixture implements AutoCloseable {
  static final int ALL_SHARED = Permission.ALL;

  private final ControlLane lane = new ControlLane();
  private final BlockGraph graph = new BlockGraph(lane, BufferPool.shared(), () -> 42);

  BlockGraph graph() {
    return graph;
  }

  ControlLane lane() {
    return lane;
  }

  /** Runs on the lane and hands the result or the exception back. */
  <T> T onLane(Callable<T> action) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    lane.execute(() -> {
      try {
        result.complete(action.call());
      } catch (Exception | AssertionError failure) {
        result.completeExceptionally(failure);
      }
    });
    try {
      return result.get();
    } catch (java.util.concurrent.ExecutionException failed) {
      if (failed.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failed;
    }
  }

  BlockNode memoryNode(String name, MemoryOps ops) throws BlockException {
    return memoryNode(name, ops, NodeOptions.DEFAULT);
  }

  BlockNode memoryNode(String name, MemoryOps ops, NodeOptions options) throws BlockException {
    BlockNode node = graph.createNode(name, "memory", options);
    node.opened(ops);
    node.setMonitorOwned(true);
    return node;
  }

  BlockBackend backend(String name, BlockNode node, int used, int shared) throws BlockException {
    BlockBackend backend = new BlockBackend(graph, name, new Perms(used, shared));
    backend.insert(node);
    return backend;
  }

  @Override
  public void close() {
    lane.close();
  }
}
