// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.replication;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.Resizes;

/**
 * One replication node: where its reads and writes go in each stage. Requests as in {@link
 * NodeOps}; the stage changes on the control lane, by who drives the node.
 *
 * <p>The rules are those of QEMU 10.0: a primary only forwards writes, and keeps its errors to
 * itself; a secondary reads and writes its buffers.
 */
public final class ReplicationOps implements NodeOps, Resizes {
  /** The name of the edge to the secondary disk. */
  public static final String SECONDARY_DISK = "secondary disk";

  /** Requests reach this driver in whole sectors. */
  private static final int SECTOR = 512;

  /**
   * Which side the node is.
   *
   * @param primary whether it forwards writes
   * @param topId of a secondary: the device or node at the top of its disk
   * @param shared whether both sides open the same disk
   * @param sharedId of a primary with a shared disk: the device or node of that disk
   */
  public record Role(boolean primary, String topId, boolean shared, String sharedId) {}

  /**
   * The place that a failed failover divides writes by.
   *
   * @param active the top of the buffers
   * @param disk the secondary disk, below them
   */
  public record Buffers(Child active, Child disk) {}

  private final BlockNode node;
  private final Child file;
  private final Role role;
  private final ReplicationListener listener;
  private volatile Stage stage = Stage.NONE;
  private volatile @Nullable BlockException error;

  /** Set on the lane before the stage failover-failed. */
  private volatile @Nullable Buffers buffers;

  ReplicationOps(BlockNode node, Child file, Role role, ReplicationListener listener) {
    this.node = node;
    this.file = file;
    this.role = role;
    this.listener = listener;
  }

  /** The node of the graph. */
  public BlockNode node() {
    return node;
  }

  /** The edge to the NBD client of a primary, or to the active disk of a secondary. */
  public Child file() {
    return file;
  }

  /** Which side this is. */
  public Role role() {
    return role;
  }

  /** How far replication has come. Any thread. */
  public Stage stage() {
    return stage;
  }

  /** Goes to the next stage. */
  public void setStage(Stage next) {
    stage = next;
  }

  /** What has gone wrong since the start, or null. Any thread. */
  public @Nullable BlockException error() {
    return error;
  }

  /** Remembers an error, or forgets it with null. Any thread. */
  public void setError(@Nullable BlockException newError) {
    error = newError;
  }

  /** Where writes go after a failover that failed, or null. */
  public void setBuffers(@Nullable Buffers newBuffers) {
    buffers = newBuffers;
  }

  // ---- requests -------------------------------------------------------------------------------

  @Override
  public long length() throws BlockException {
    return file.length();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    if (role.primary()) {
      throw BlockException.io(Errno.EIO);
    }
    checkStage();
    file.read(offset, into, flags);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    Stage now = checkStage();
    if (now == Stage.FAILOVER_FAILED) {
      writeDivided(offset, from, flags);
      return;
    }
    if (!role.primary()) {
      file.write(offset, from, flags);
      return;
    }
    try {
      file.write(offset, from, flags);
    } catch (BlockException failed) {
      // The primary's disk counts: the guest goes on, who asks is told that replication does not.
      error = failed;
      from.position(from.limit());
    }
  }

  /** Refuses requests in stages that take none; returns the stage that holds for the request. */
  private Stage checkStage() throws BlockException {
    Stage now = stage;
    boolean served =
        switch (now) {
          case NONE -> false;
          case RUNNING -> true;
          case FAILOVER, FAILOVER_FAILED, DONE -> !role.primary();
        };
    if (!served) {
      throw BlockException.io(Errno.EIO);
    }
    return now;
  }

  /**
   * What the buffers hold is overwritten there, since they lie above; all else goes to the disk
   * itself, which may have become its only copy.
   */
  private void writeDivided(long offset, ByteBuffer from, int flags) throws BlockException {
    Buffers divided = buffers;
    if (divided == null) {
      throw BlockException.io(Errno.EIO);
    }
    int end = from.limit();
    long at = offset;
    try {
      while (from.position() < end) {
        Extent extent =
            BlockStatus.allocatedAbove(
                divided.active().node(), divided.disk().node(), at, end - from.position());
        int bytes = Math.clamp(extent.length(), 1, end - from.position());
        from.limit(from.position() + bytes);
        Child target = extent.has(Extent.ALLOCATED) ? divided.active() : divided.disk();
        target.write(at, from, flags);
        at += bytes;
        from.limit(end);
      }
    } finally {
      from.limit(end);
    }
  }

  @Override
  public void flush() throws BlockException {
    BlockException first = null;
    for (Child child : node.children()) {
      if ((child.perms().used() & Permission.WRITE) == 0) {
        continue;
      }
      try {
        child.flush();
      } catch (BlockException failed) {
        first = first == null ? failed : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    file.resize(length, exact, preallocation, zeroNew);
  }

  @Override
  public Limits limits() {
    return Limits.aligned(SECTOR);
  }

  /** The buffers and the disk below them are written through edges of the node's own. */
  @Override
  public Perms childPerms(Child child, Perms wanted) {
    int read = child.hasRole(ChildRole.PRIMARY) ? Permission.CONSISTENT_READ : 0;
    boolean writes = !node.readOnly() && !node.inactive() && !onlyReads(child);
    int write = writes ? Permission.WRITE : 0;
    return new Perms(
        read | write, Permission.CONSISTENT_READ | Permission.WRITE | Permission.WRITE_UNCHANGED);
  }

  /** A shared disk is the primary's until this side has failed over. */
  private boolean onlyReads(Child child) {
    return role.shared() && child.name().equals(SECONDARY_DISK) && stage != Stage.FAILOVER_FAILED;
  }

  @Override
  public void close() {
    listener.closing(this);
  }
}
