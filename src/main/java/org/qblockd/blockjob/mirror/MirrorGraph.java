// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BackingLink;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.FrozenChain;
import org.qblockd.block.NodeExchange;
import org.qblockd.block.OpBlocker;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BackingFiles;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.SyncMode;

/**
 * What a mirror changes in the graph: its filter over the source, the drain of its last moment, the
 * pivot to the target, and how it leaves. Control lane. Order: QEMU's, as its events and permission
 * errors show it.
 */
final class MirrorGraph {
  private final BlockGraph graph;
  private final BlockNode top;
  private final BlockNode target;
  private final MirrorState mirror;
  private final MirrorOptions options;
  private final @Nullable BlockNode base;
  private final OpBlocker replaceBlocker =
      new OpBlocker("block device is in use by block-job-complete");
  private @Nullable BlockBackend targetBackend;
  private @Nullable BlockNode replaced;
  private final boolean targetReadOnly;
  private @Nullable FrozenChain frozen;
  private boolean sourceDrained;
  private boolean left;

  MirrorGraph(
      BlockGraph graph,
      BlockNode top,
      MirrorState mirror,
      MirrorOptions options,
      @Nullable BlockNode base) {
    this.graph = graph;
    this.top = top;
    this.target = options.target();
    this.mirror = mirror;
    this.options = options;
    this.base = base;
    this.targetReadOnly = options.target().readOnly();
  }

  // ---- coming ---------------------------------------------------------------------------------

  /** A commit writes to a backing file, which is read-only otherwise. */
  private void makeBaseWritable() throws BlockException {
    if (options.commit() && targetReadOnly) {
      BackingFiles.setReadOnly(graph, target, false);
    }
  }

  private void restoreBase() {
    if (!options.commit() || !targetReadOnly || target.ejected() || target.readOnly()) {
      return;
    }
    try {
      BackingFiles.setReadOnly(graph, target, true);
    } catch (BlockException inUse) {
      // Somebody writes by now: it stays writable, as in QEMU.
      assert !target.readOnly();
    }
  }

  /** The chain from the filter down to the target will disappear: it stays as it is until then. */
  void freeze() throws BlockException {
    frozen = FrozenChain.freeze(top, target);
  }

  private void thaw() {
    FrozenChain chain = frozen;
    frozen = null;
    if (chain != null) {
      chain.thaw();
    }
  }

  /** Puts the filter over the source; before this nothing is changed, after a failure neither. */
  MirrorTop insert(BlockNode source) throws BlockException {
    try {
      makeBaseWritable();
      return graph.drained(
          source,
          () -> {
            Child edge =
                graph.insertFilter(top, source, "backing", ChildRole.FILTERED | ChildRole.PRIMARY);
            MirrorTop ops = new MirrorTop(edge, mirror, Chains.contains(source, target));
            top.opened(ops);
            graph.refresh(top);
            return ops;
          });
    } catch (BlockException refused) {
      graph.closeIfUnused(top);
      restoreBase();
      throw refused;
    }
  }

  /** Opens the access to the target. */
  void attachTarget(Perms perms) throws BlockException {
    BlockBackend backend = new BlockBackend(graph, "", perms);
    targetBackend = backend;
    backend.insert(target);
    Child edge = backend.root();
    if (edge == null) {
      throw new IllegalStateException("no edge to " + target);
    }
    mirror.setTarget(edge);
  }

  /** Undoes a start that failed after {@link #insert}. */
  void undo() throws BlockException {
    thaw();
    closeTarget();
    mirror.stop();
    BlockNode source = source();
    graph.drained(
        source,
        () -> {
          mirror.finishBitmap(false);
          graph.refresh(top);
          NodeExchange.inAllParents(graph, top, source);
          return source;
        });
    top.removeBitmap(mirror.dirty);
    graph.closeIfUnused(top);
    restoreBase();
  }

  private BlockNode source() {
    Child filtered = top.filtered();
    if (filtered == null) {
      throw new IllegalStateException("no source below " + top);
    }
    return filtered.node();
  }

  private void closeTarget() {
    BlockBackend backend = targetBackend;
    targetBackend = null;
    if (backend != null) {
      backend.close();
    }
  }

  // ---- the last moment ------------------------------------------------------------------------

  /** Keeps all writes away from the source. */
  boolean drainSource() {
    graph.drainBegin(source());
    sourceDrained = true;
    return true;
  }

  /** Lets them come again. */
  boolean undrainSource() {
    sourceDrained = false;
    graph.drainEnd(source());
    return true;
  }

  /** Looks up the node to replace and keeps others from changing it. */
  void holdReplaced(String name) throws BlockException {
    BlockNode node = graph.node(name);
    if (node == null) {
      throw BlockException.invalid("Node name '" + name + "' not found");
    }
    if (replaced == null) {
      node.blockAll(replaceBlocker);
      replaced = node;
    }
  }

  // ---- leaving --------------------------------------------------------------------------------

  /**
   * Takes the filter out, after pivoting if that is wanted. Once only; later calls do nothing.
   *
   * @throws BlockException EPERM when the pivot failed; the mirror has left nevertheless
   */
  void leave(BlockJob job, boolean success, boolean pivot) throws BlockException {
    if (left) {
      return;
    }
    left = true;
    BlockNode source = source();
    thaw();
    if (!sourceDrained) {
      graph.drainBegin(source);
    }
    mirror.finishBitmap(success);
    top.removeBitmap(mirror.dirty);
    closeTarget();
    graph.drainBegin(top);
    graph.drainBegin(target);
    mirror.stop();
    graph.refresh(top);
    BlockException failure = success ? finishTarget(job, source, pivot) : null;
    BlockNode inner = replaced;
    releaseReplaced();
    // When the source had no users, the job was the filter's only one: keep it until it is out.
    top.setMonitorOwned(true);
    job.removeNodes();
    NodeExchange.inAllParents(graph, top, source());
    top.setMonitorOwned(false);
    graph.drainEnd(target);
    graph.drainEnd(source);
    graph.drainEnd(top);
    graph.closeIfUnused(top);
    if (inner != null) {
      graph.closeIfUnused(inner);
    }
    if (!success) {
      restoreBase();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable BlockException finishTarget(BlockJob job, BlockNode source, boolean pivot) {
    BlockException failure = null;
    try {
      finishBacking(source);
    } catch (BlockException refused) {
      failure = BlockException.io(Errno.EPERM, refused);
    }
    if (pivot) {
      try {
        pivot(source);
      } catch (BlockException refused) {
        job.tell(refused.message());
        failure = BlockException.io(Errno.EPERM, refused);
      }
    }
    return failure;
  }

  private void finishBacking(BlockNode source) throws BlockException {
    BlockNode image = Chains.skipFilters(target);
    switch (options.backing()) {
      case SOURCE_CHAIN ->
          BackingLink.set(graph, image, options.sync() == SyncMode.NONE ? source : base);
      case OPEN -> options.backingOpener().open(image);
      case LEAVE -> {}
    }
  }

  private void pivot(BlockNode source) throws BlockException {
    BlockNode from = replaced == null ? source : replaced;
    if (from.readOnly() != target.readOnly()) {
      graph.origins().setReadOnly(target, from.readOnly());
    }
    if (!Chains.mayReplace(source, from)) {
      throw BlockException.of(
          Errno.EPERM,
          ("Can no longer replace '%s' by '%s', because it can no longer be guaranteed that doing"
                  + " so would not lead to an abrupt change of visible data")
              .formatted(from.name(), target.name()));
    }
    NodeExchange.inAllParents(graph, from, target);
  }

  private void releaseReplaced() {
    BlockNode node = replaced;
    replaced = null;
    if (node != null) {
      node.unblockAll(replaceBlocker);
    }
  }
}
