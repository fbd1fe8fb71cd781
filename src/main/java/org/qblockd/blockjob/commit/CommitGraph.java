// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.commit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.FrozenChain;
import org.qblockd.block.NodeExchange;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BackingFiles;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.ImageNames;

/**
 * What a commit changes in the graph: the base becomes writable, a filter comes over the top, and
 * in the end the images between are let go. Control lane.
 */
final class CommitGraph {
  private final BlockGraph graph;
  private final CommitOptions options;
  private final ImageNames names;
  private final boolean baseReadOnly;
  private @Nullable BlockNode filter;
  private @Nullable FrozenChain frozen;
  private @Nullable BlockBackend baseAccess;
  private @Nullable BlockBackend topAccess;

  CommitGraph(BlockGraph graph, CommitOptions options, ImageNames names) {
    this.graph = graph;
    this.options = options;
    this.names = names;
    this.baseReadOnly = options.base().readOnly();
  }

  // ---- coming ---------------------------------------------------------------------------------

  void begin() throws BlockException {
    if (baseReadOnly) {
      BackingFiles.setReadOnly(graph, options.base(), false);
    }
    insertFilter();
  }

  private void insertFilter() throws BlockException {
    String name = options.common().filterNodeName();
    NodeOptions usual = new NodeOptions(true, false, false, false, false, DetectZeroes.OFF, false);
    BlockNode node = graph.createNode(name, "commit_top", usual);
    node.setImplicit(name == null);
    node.setFilename(options.top().filename());
    try {
      BlockNode inserted = graph.drained(options.top(), () -> open(node));
      filter = inserted;
    } catch (BlockException refused) {
      graph.closeIfUnused(node);
      throw refused;
    }
  }

  private BlockNode open(BlockNode node) throws BlockException {
    Child edge =
        graph.insertFilter(node, options.top(), "backing", ChildRole.FILTERED | ChildRole.PRIMARY);
    node.opened(new CommitTop(edge));
    graph.refresh(node);
    return node;
  }

  /** From now on nobody changes the chain from the filter down to the base. */
  void freeze() throws BlockException {
    frozen = FrozenChain.freeze(filter(), options.base());
  }

  void thaw() {
    FrozenChain chain = frozen;
    frozen = null;
    if (chain != null) {
      chain.thaw();
    }
  }

  private BlockNode filter() {
    BlockNode node = filter;
    if (node == null) {
      throw new IllegalStateException("no filter");
    }
    return node;
  }

  /** Opens the accesses that write and read. */
  void attach(boolean grows) throws BlockException {
    int used = Permission.CONSISTENT_READ | Permission.WRITE | (grows ? Permission.RESIZE : 0);
    int shared = Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED;
    BlockBackend backend = new BlockBackend(graph, "", new Perms(used, shared));
    baseAccess = backend;
    backend.insert(options.base());
    BlockBackend reading = new BlockBackend(graph, "", Perms.NONE);
    topAccess = reading;
    reading.insert(options.top());
  }

  /** Closes both. */
  void closeAccess() {
    closeBase();
    BlockBackend backend = topAccess;
    topAccess = null;
    if (backend != null) {
      backend.close();
    }
  }

  /** The edge that the copies go to. */
  Child base() {
    BlockBackend backend = baseAccess;
    Child edge = backend == null ? null : backend.root();
    if (edge == null) {
      throw new IllegalStateException("no access to the base");
    }
    return edge;
  }

  private void closeBase() {
    BlockBackend backend = baseAccess;
    baseAccess = null;
    if (backend != null) {
      backend.close();
    }
  }

  /** Undoes a start that failed after {@link #begin}, when the job has let its nodes go. */
  void undo() throws BlockException {
    removeFilter();
    restoreBase();
  }

  // ---- leaving --------------------------------------------------------------------------------

  /**
   * The overlays of the top get the base as their backing file, on the disk as well.
   *
   * @throws BlockException when this failed; the filter may still be there
   */
  void dropIntermediate() throws BlockException {
    thaw();
    closeBase();
    BlockNode top = filter();
    BlockNode base = options.base();
    BlockNode done =
        graph.drained(
            base,
            () -> {
              relink(top, base);
              return base;
            });
    assert done == base;
  }

  private void relink(BlockNode top, BlockNode base) throws BlockException {
    String asked = options.backingFile();
    String file = asked == null ? names.filename(base) : asked;
    String format = names.format(base, options.maskProtocol());
    List<BlockNode> overlays = overlays(top);
    top.setMonitorOwned(true);
    try {
      NodeExchange.inAllParents(graph, top, base);
    } catch (BlockException refused) {
      throw BlockException.io(Errno.EIO, refused);
    } finally {
      top.setMonitorOwned(false);
    }
    filter = null;
    for (BlockNode overlay : overlays) {
      rename(overlay, file, format);
    }
    graph.closeIfUnused(top);
  }

  private static List<BlockNode> overlays(BlockNode top) {
    List<BlockNode> overlays = new ArrayList<>();
    for (Child parent : top.parents()) {
      BlockNode above = parent.parent().asNode();
      if (above != null && parent.hasRole(ChildRole.COW)) {
        overlays.add(above);
      }
    }
    return overlays;
  }

  private void rename(BlockNode overlay, String file, String format) throws BlockException {
    boolean readOnly = overlay.readOnly();
    if (readOnly) {
      BackingFiles.setReadOnly(graph, overlay, false);
    }
    try {
      BackingFiles.change(graph, overlay, file, format);
    } finally {
      if (readOnly) {
        BackingFiles.setReadOnly(graph, overlay, true);
      }
    }
  }

  /** Leaves the chain as it was; the job's hold on the nodes goes first. */
  void abandon(BlockJob job) {
    thaw();
    closeBase();
    BlockNode top = filter;
    if (top != null) {
      top.setMonitorOwned(true);
    }
    job.removeNodes();
    if (top != null) {
      top.setMonitorOwned(false);
    }
    try {
      removeFilter();
    } catch (BlockException impossible) {
      throw new IllegalStateException("cannot take " + top + " out", impossible);
    }
  }

  private void removeFilter() throws BlockException {
    BlockNode top = filter;
    filter = null;
    if (top != null) {
      BlockNode below = Chains.below(top);
      if (below != null) {
        NodeExchange.inAllParents(graph, top, below);
      }
      graph.closeIfUnused(top);
    }
  }

  /** The base is as writable as before. */
  void restoreBase() {
    BlockNode base = options.base();
    // It is read-only still when it could not be made writable.
    if (!baseReadOnly || base.ejected() || base.readOnly()) {
      return;
    }
    try {
      BackingFiles.setReadOnly(graph, base, true);
    } catch (BlockException refused) {
      // Somebody writes by now, or it cannot be flushed: it stays writable, as in QEMU.
      assert !base.readOnly();
    }
  }
}
