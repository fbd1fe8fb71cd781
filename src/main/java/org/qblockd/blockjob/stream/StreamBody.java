// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.stream;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BackingLink;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BackingFiles;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobBody;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.ImageNames;
import org.qblockd.blockjob.OrderedCopier;

/**
 * The stream's work: what lower images hold and the upper one lacks is stored in it; then it gets
 * the base as its backing file. On the job's thread; completion on the lane.
 *
 * <p>A kill at any moment leaves a right image: the data is on the disk before the image names
 * another backing file.
 */
final class StreamBody implements BlockJobBody {
  /** Bytes of one piece: QEMU's, since its errors and speeds count in pieces. */
  private static final long PIECE = 512 << 10;

  private final StreamOptions options;
  private final BlockGraph graph;
  private final Reach reach;
  private final StreamFilter filter;
  private final boolean readOnly;
  private final ImageNames names;
  private final BlockNode image;
  private @Nullable BlockBackend backend;
  private volatile @Nullable BlockJob job;
  private volatile @Nullable OrderedCopier copier;

  StreamBody(
      StreamOptions options,
      BlockGraph graph,
      Reach reach,
      StreamFilter filter,
      boolean readOnly,
      ImageNames names) {
    this.options = options;
    this.graph = graph;
    this.reach = reach;
    this.filter = filter;
    this.readOnly = readOnly;
    this.names = names;
    this.image = Chains.skipFilters(options.node());
  }

  void setJob(BlockJob newJob) {
    job = newJob;
  }

  private BlockJob job() {
    BlockJob current = job;
    if (current == null) {
      throw new IllegalStateException("not started");
    }
    return current;
  }

  /** Opens the job's own access, with which its reads are known to other users. */
  void access(BlockNode top, Perms perms) throws BlockException {
    BlockBackend own = new BlockBackend(graph, "", perms);
    backend = own;
    own.insert(top);
  }

  void closeAccess() {
    BlockBackend own = backend;
    backend = null;
    if (own != null) {
      own.close();
    }
  }

  /** Whether the job ends at once. */
  boolean nothingToDo() throws BlockException {
    return image == reach.overlay() || options.node().length() == 0;
  }

  // ---- the job's thread -----------------------------------------------------------------------

  @Override
  public void run() throws BlockException {
    if (image == reach.overlay()) {
      return;
    }
    long length = options.node().length();
    job().progress().setRemaining(length);
    Errno ignored;
    try (OrderedCopier copying = new OrderedCopier(job(), options.common().onSourceError())) {
      copier = copying;
      ignored = copying.copy(length, offset -> plan(offset, length), false);
    }
    if (ignored != null) {
      // What could not be copied is still needed from below.
      throw BlockException.io(ignored);
    }
    if (!job().cancelled()) {
      image.flush();
    }
  }

  private OrderedCopier.Piece plan(long offset, long length) {
    long bytes = Math.min(Math.min(PIECE, job().steps().most()), length - offset);
    boolean copies;
    try {
      Extent own = image.extentAt(offset, bytes, false);
      bytes = own.length();
      Child backing = image.backing();
      if (own.has(Extent.ALLOCATED) || backing == null) {
        return new OrderedCopier.Piece(bytes, null);
      }
      Extent below = BlockStatus.allocatedThrough(backing.node(), reach.overlay(), offset, bytes);
      copies = below.has(Extent.ALLOCATED);
      bytes = below.length();
    } catch (BlockException unknown) {
      return new OrderedCopier.Piece(
          Math.max(1, bytes), () -> new OrderedCopier.Failure(true, unknown.errno()));
    }
    if (bytes == 0) {
      return new OrderedCopier.Piece(length - offset, null);
    }
    long found = bytes;
    return new OrderedCopier.Piece(bytes, copies ? () -> copy(offset, found) : null);
  }

  private OrderedCopier.@Nullable Failure copy(long offset, long bytes) {
    try {
      filter.file().copyUp(offset, bytes);
      return null;
    } catch (BlockException failed) {
      return new OrderedCopier.Failure(true, failed.errno());
    }
  }

  // ---- the lane -------------------------------------------------------------------------------

  @Override
  public boolean copying() {
    OrderedCopier current = copier;
    return current != null && current.inFlight() > 0;
  }

  @Override
  public void awaitCopies() {
    OrderedCopier current = copier;
    if (current != null) {
      current.awaitAll();
    }
  }

  @Override
  public boolean endsInCancel() {
    return true;
  }

  /** The image loses what has been copied, and says so. */
  @Override
  public void prepare() throws BlockException {
    filter.remove();
    if (image.backing() == null) {
      return;
    }
    BlockNode base = Chains.below(reach.aboveBase());
    BlockNode named = base == null ? null : Chains.skipFilters(base);
    String asked = options.backingFile();
    String file = named == null ? null : asked != null ? asked : names.filename(named);
    String format = named == null ? null : names.format(named, options.maskProtocol());
    try {
      BlockNode unused =
          graph.drained(
              image, () -> base == null ? relink(null) : graph.drained(base, () -> relink(base)));
    } catch (BlockException refused) {
      // The image's header changes all the same, as in QEMU.
      BackingFiles.change(graph, image, file, format);
      throw BlockException.io(Errno.EPERM, refused);
    }
    BackingFiles.change(graph, image, file, format);
  }

  private BlockNode relink(@Nullable BlockNode base) throws BlockException {
    BackingLink.set(graph, image, base);
    return image;
  }

  @Override
  public void clean() {
    filter.remove();
    closeAccess();
    if (readOnly) {
      try {
        BackingFiles.setReadOnly(graph, options.node(), true);
      } catch (BlockException inUse) {
        // Somebody writes by now: it stays writable, as in QEMU.
        assert !options.node().readOnly();
      }
    }
  }
}
