// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.commit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.BackingLink;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.Empties;
import org.qblockd.block.Extent;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BackingFiles;

/**
 * Writes what an image holds into its backing file and empties it, at once and without a job: the
 * human monitor's {@code commit}. Control lane; the image is quiet meanwhile, so that no write is
 * lost.
 *
 * <p>A kill at any moment is harmless: the backing file is on the disk before the image is emptied.
 */
public final class DirectCommit {
  private static final int PIECE = 1 << 20;

  private final BlockGraph graph;
  private final BlockNode image;
  private final BlockNode backing;

  private DirectCommit(BlockGraph graph, BlockNode image, BlockNode backing) {
    this.graph = graph;
    this.image = image;
    this.backing = backing;
  }

  /**
   * Commits the image.
   *
   * @throws BlockException ENOTSUP without a backing file, EBUSY when one of both is in use by a
   *     job, EACCES when the backing file cannot be made writable
   */
  public static void run(BlockGraph graph, BlockNode image) throws BlockException {
    if (image.ejected()) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    Child below = image.backing();
    if (below == null || !below.hasRole(ChildRole.COW)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    BlockNode backing = below.node();
    try {
      image.checkOp(BlockOp.COMMIT_SOURCE);
      backing.checkOp(BlockOp.COMMIT_TARGET);
    } catch (BlockException busy) {
      throw BlockException.io(Errno.EBUSY, busy);
    }
    DirectCommit commit = new DirectCommit(graph, image, backing);
    BlockNode done = graph.drained(image, commit::withWritableBacking);
    assert done == image;
  }

  private BlockNode withWritableBacking() throws BlockException {
    boolean readOnly = backing.readOnly();
    if (readOnly) {
      try {
        BackingFiles.setReadOnly(graph, backing, false);
      } catch (BlockException refused) {
        throw BlockException.io(Errno.EACCES, refused);
      }
    }
    try {
      underFilter();
    } finally {
      if (readOnly) {
        BackingFiles.setReadOnly(graph, backing, true);
      }
    }
    return image;
  }

  /** The filter lets the image go on reading while the backing file is written. */
  private void underFilter() throws BlockException {
    NodeOptions options =
        new NodeOptions(false, false, false, false, false, DetectZeroes.OFF, false);
    BlockNode filter = graph.createNode(null, "commit_top", options);
    try {
      Child edge =
          graph.attach(
              filter, "backing", ChildRole.FILTERED | ChildRole.PRIMARY, backing, Perms.NONE);
      filter.opened(new CommitTop(edge));
      BackingLink.set(graph, image, filter);
      copy();
    } finally {
      if (image.backing() != null) {
        BackingLink.set(graph, image, backing);
      }
      graph.closeIfUnused(filter);
    }
  }

  private void copy() throws BlockException {
    int reading = Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED;
    BlockBackend source = new BlockBackend(graph, "", new Perms(reading, Permission.ALL));
    BlockBackend target =
        new BlockBackend(
            graph, "", new Perms(Permission.WRITE | Permission.RESIZE, Permission.ALL));
    try {
      source.insert(image);
      target.insert(backing);
      copy(edge(source.root()), edge(target.root()));
    } finally {
      target.close();
      source.close();
    }
  }

  private static Child edge(@Nullable Child root) {
    if (root == null) {
      throw new IllegalStateException("no medium");
    }
    return root;
  }

  private void copy(Child source, Child target) throws BlockException {
    long length = source.length();
    if (length > target.length()) {
      target.resize(length, true, "off", false);
    }
    try (PooledBuffer pooled = BufferPool.get(PIECE)) {
      long at = 0;
      while (at < length) {
        Extent found = source.extentAt(at, Math.min(PIECE, length - at), false);
        int bytes = (int) Math.max(1, found.length());
        if (found.has(Extent.ALLOCATED)) {
          ByteBuffer data = pooled.buffer().clear().limit(bytes);
          source.read(at, data, 0);
          target.write(at, data.flip(), 0);
        }
        at += bytes;
      }
    }
    target.flush();
    Empties emptying = image.capability(Empties.class);
    if (emptying != null) {
      emptying.makeEmpty();
    }
    source.flush();
  }
}
