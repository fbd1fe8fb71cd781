// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.commit;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.ImageNames;
import org.qblockd.job.JobStatus;
import org.qblockd.job.JobType;

/**
 * Starts commits of images that nobody writes; those of an active image are mirrors. Control lane.
 * Order and words are QEMU's.
 */
public final class CommitJob {
  private CommitJob() {}

  /**
   * Starts a commit; when it throws, the graph is as before.
   *
   * @throws BlockException with QEMU's sentence
   */
  public static BlockJob start(BlockJobContext context, CommitOptions options, ImageNames names)
      throws BlockException {
    BlockGraph graph = context.graph();
    if (Chains.skipFilters(options.top()) == Chains.skipFilters(options.base())) {
      throw BlockException.invalid("Invalid files for merge: top and base are the same");
    }
    boolean grows =
        length(options.base(), "Could not inquire base image size")
            < length(options.top(), "Could not inquire top image size");
    CommitGraph commit = new CommitGraph(graph, options, names);
    CommitBody body = new CommitBody(options, commit);
    BlockJob job =
        BlockJob.create(
            context,
            JobType.COMMIT,
            options.common().job(options.root().deviceName()),
            body,
            options.root(),
            Perms.NONE,
            options.common().speed());
    body.setJob(job);
    try {
      commit.begin();
      hold(job, commit, options);
      commit.attach(grows);
    } catch (BlockException refused) {
      commit.thaw();
      commit.closeAccess();
      job.failEarly();
      commit.undo();
      throw refused;
    }
    boolean empty = options.top().length() == 0;
    job.start();
    if (empty) {
      // As in QEMU: such a job has ended before the command's reply.
      context.jobs().lane().pollWhile(() -> job.status() == JobStatus.RUNNING);
    }
    return job;
  }

  private static long length(BlockNode node, String complaint) throws BlockException {
    try {
      return node.length();
    } catch (BlockException unknown) {
      throw BlockException.withErrno(unknown.errno(), complaint);
    }
  }

  /** All nodes between will disappear: nobody else may rely on what they show. */
  private static void hold(BlockJob job, CommitGraph commit, CommitOptions options)
      throws BlockException {
    BlockNode base = options.base();
    BlockNode overlay = Chains.overlayOf(options.top(), base);
    Child backing = overlay == null ? null : overlay.backing();
    int shared = Permission.WRITE_UNCHANGED | Permission.WRITE;
    for (BlockNode at = options.top(); at != null && at != base; at = Chains.below(at)) {
      if (backing != null && at == backing.node()) {
        // From here on there are only filters of the base, which show what it shows.
        shared |= Permission.CONSISTENT_READ;
      }
      Child unused = job.addNode("intermediate node", at, new Perms(0, shared));
    }
    commit.freeze();
    Child unused = job.addNode("base", base, Perms.NONE);
  }
}
