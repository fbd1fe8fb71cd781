// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.command.transaction.Action;
import org.qblockd.qapi.QmpException;

/**
 * Creates a backup, and starts it when all actions have been prepared; its source is drained until
 * then. Used once, on the control lane.
 */
final class BackupAction implements Action {
  /** Creates the job without starting it; what fails changes nothing. */
  interface Creation {
    BlockJob create(BlockNode source) throws QmpException, BlockException;
  }

  private final BlockGraph graph;
  private final String device;
  private final Creation creation;
  private @Nullable BlockNode source;
  private @Nullable BlockJob job;

  BackupAction(BlockGraph graph, String device, Creation creation) {
    this.graph = graph;
    this.device = device;
    this.creation = creation;
  }

  @Override
  public void prepare() throws QmpException, BlockException {
    BlockNode node = graph.lookup(device, device);
    graph.drainBegin(node);
    try {
      job = creation.create(node);
      source = node;
    } finally {
      if (job == null) {
        graph.drainEnd(node);
      }
    }
  }

  @Override
  public void commit() {
    if (job != null) {
      job.start();
    }
  }

  @Override
  public void abort() {
    if (job != null) {
      job.cancelSync(true);
    }
  }

  @Override
  public void clean() {
    if (source != null) {
      graph.drainEnd(source);
    }
  }
}
