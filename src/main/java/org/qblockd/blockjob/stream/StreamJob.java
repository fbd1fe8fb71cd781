// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.stream;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.FrozenChain;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BackingFiles;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.ImageNames;
import org.qblockd.job.JobStatus;
import org.qblockd.job.JobType;

/**
 * Starts streams: makes the image writable, puts the filter over it, takes the permissions. Control
 * lane. Order and words are QEMU's.
 */
public final class StreamJob {
  private static final int READ = Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED;

  private StreamJob() {}

  /**
   * Starts a stream; when it throws, the graph is as before.
   *
   * @throws BlockException with QEMU's sentence
   */
  public static BlockJob start(BlockJobContext context, StreamOptions options, ImageNames names)
      throws BlockException {
    BlockGraph graph = context.graph();
    BlockNode node = options.node();
    Reach reach = Reach.of(options);
    boolean readOnly = node.readOnly();
    if (readOnly) {
      makeWritable(graph, node, reach.aboveBase());
    }
    StreamFilter filter = null;
    BlockJob job = null;
    StreamBody body = null;
    try {
      filter = StreamFilter.insert(graph, node, reach.overlay(), options.common().filterNodeName());
      body = new StreamBody(options, graph, reach, filter, readOnly, names);
      job =
          BlockJob.create(
              context,
              JobType.STREAM,
              options.common().job(filter.node().deviceName()),
              body,
              filter.node(),
              Perms.NONE,
              options.common().speed());
      body.setJob(job);
      hold(job, body, filter, options, reach);
    } catch (BlockException refused) {
      undo(graph, node, readOnly, filter, job, body);
      throw refused;
    }
    BlockJob started = job;
    job.start();
    if (body.nothingToDo()) {
      // As in QEMU: such a job has ended before the command's reply.
      context.jobs().lane().pollWhile(() -> started.status() == JobStatus.RUNNING);
    }
    return job;
  }

  private static void makeWritable(BlockGraph graph, BlockNode node, BlockNode aboveBase)
      throws BlockException {
    FrozenChain held = FrozenChain.freeze(node, aboveBase);
    try {
      BackingFiles.setReadOnly(graph, node, false);
    } finally {
      held.thaw();
    }
  }

  private static void hold(
      BlockJob job, StreamBody body, StreamFilter filter, StreamOptions options, Reach reach)
      throws BlockException {
    Perms reading = new Perms(Permission.CONSISTENT_READ, READ | Permission.WRITE);
    body.access(filter.node(), reading);
    Child active = job.addNode("active node", options.node(), new Perms(0, reading.shared()));
    BlockNode at = Chains.below(active.node());
    while (at != null && at != reach.base()) {
      Child unused = job.addNode("intermediate node", at, new Perms(0, READ));
      at = Chains.below(at);
    }
  }

  private static void undo(
      BlockGraph graph,
      BlockNode node,
      boolean readOnly,
      @Nullable StreamFilter filter,
      @Nullable BlockJob job,
      @Nullable StreamBody body)
      throws BlockException {
    if (body != null) {
      body.closeAccess();
    }
    if (job != null) {
      job.failEarly();
    }
    if (filter != null) {
      filter.remove();
    }
    if (readOnly) {
      BackingFiles.setReadOnly(graph, node, true);
    }
  }
}
