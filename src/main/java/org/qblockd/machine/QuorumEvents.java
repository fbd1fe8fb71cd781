// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.driver.quorum.QuorumListener;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.QuorumFailureEvent;
import org.qblockd.qapi.types.QuorumOpType;
import org.qblockd.qapi.types.QuorumReportBadEvent;

/** Tells by events what the children of quorums do wrong. Any thread. */
final class QuorumEvents implements QuorumListener {
  private static final int SECTOR = 512;

  private final EventSink events;

  QuorumEvents(EventSink events) {
    this.events = events;
  }

  @Override
  public void bad(
      QuorumOpType operation, BlockNode child, long offset, long bytes, @Nullable String error) {
    long first = offset / SECTOR;
    events.emit(
        new QuorumReportBadEvent(
            operation,
            Optional.ofNullable(error),
            child.name(),
            first,
            end(offset, bytes) - first));
  }

  @Override
  public void failure(BlockNode quorum, long offset, long bytes) {
    long first = offset / SECTOR;
    events.emit(new QuorumFailureEvent(quorum.displayName(), first, end(offset, bytes) - first));
  }

  private static long end(long offset, long bytes) {
    return (offset + bytes + SECTOR - 1) / SECTOR;
  }

  @Override
  public void mismatch(String line) {
    Verification.fail(line);
  }
}
