// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Discards;
import org.qblockd.block.Extent;
import org.qblockd.block.HasBackingFile;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.WritesZeroes;

/**
 * An image in memory with clusters, a backing file below, and a hook before each request that can
 * fail or hold it. Writing a part of an unallocated cluster copies the rest from the backing node.
 */
public final class MemoryDisk
    implements NodeOps, WritesZeroes, Discards, ReportsExtents, ReportsImageInfo, HasBackingFile {
  /** Called before each request. */
  public interface Hook {
    /** Throws to fail the request. */
    void before(String operation, long offset, long bytes) throws BlockException;
  }

  private final byte[] bytes;
  private final boolean[] allocated;
  private final int cluster;
  private volatile Hook hook = (operation, offset, length) -> {};
  private @Nullable BlockNode node;
  private @Nullable String backingFile;

  /** A disk of zeroes without anything allocated. */
  public MemoryDisk(int length, int cluster) {
    this.bytes = new byte[length];
    this.cluster = cluster;
    this.allocated = new boolean[(length + cluster - 1) / cluster];
  }

  /** Tells which node it serves, to find the backing node. */
  public void serve(BlockNode served) {
    node = served;
  }

  /** Lets the image name a backing file. */
  public void nameBacking(String name) {
    backingFile = name;
  }

  /** Sets the hook. */
  public void hook(Hook newHook) {
    hook = newHook;
  }

  /** What the disk holds, without its backing. */
  public byte[] content() {
    return bytes;
  }

  /** Whether the cluster at {@code offset} is allocated. */
  public synchronized boolean allocated(int offset) {
    return allocated[offset / cluster];
  }

  /** Fills a range before the test begins. */
  public void fill(int offset, int length, int value) {
    Arrays.fill(bytes, offset, offset + length, (byte) value);
    for (int at = offset; at < offset + length; at += cluster) {
      allocated[at / cluster] = true;
    }
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    hook.before("read", offset, into.remaining());
    long at = offset;
    while (into.hasRemaining()) {
      int step = (int) Math.min(into.remaining(), cluster - at % cluster);
      BlockNode backing = backing();
      boolean own;
      synchronized (this) {
        own = allocated[(int) (at / cluster)] || backing == null;
        if (own) {
          into.put(bytes, (int) at, step);
        }
      }
      if (!own && backing != null) {
        ByteBuffer piece = into.slice(into.position(), step);
        backing.read(at, piece, 0);
        into.position(into.position() + step);
      }
      at += step;
    }
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    hook.before("write", offset, from.remaining());
    allocate(offset, from.remaining());
    synchronized (this) {
      from.get(bytes, (int) offset, from.remaining());
    }
  }

  @Override
  public void writeZeroes(long offset, long length, int flags) throws BlockException {
    hook.before("zero", offset, length);
    allocate(offset, length);
    synchronized (this) {
      Arrays.fill(bytes, (int) offset, (int) (offset + length), (byte) 0);
    }
  }

  @Override
  public void discard(long offset, long length) throws BlockException {
    hook.before("discard", offset, length);
    writeZeroes(offset, length, 0);
  }

  private void allocate(long offset, long length) throws BlockException {
    for (long at = offset / cluster * cluster; at < offset + length; at += cluster) {
      allocateCluster((int) at);
    }
  }

  private synchronized void allocateCluster(int at) throws BlockException {
    BlockNode backing = backing();
    if (!allocated[at / cluster] && backing != null) {
      backing.read(at, ByteBuffer.wrap(bytes, at, Math.min(cluster, bytes.length - at)), 0);
    }
    allocated[at / cluster] = true;
  }

  private @Nullable BlockNode backing() {
    BlockNode served = node;
    Child edge = served == null ? null : served.backing();
    return edge == null ? null : edge.node();
  }

  @Override
  public synchronized Extent extentAt(long offset, long length, boolean wantZero) {
    int first = (int) (offset / cluster);
    boolean state = allocated[first];
    int end = first;
    while (end < allocated.length && allocated[end] == state) {
      end++;
    }
    long run = Math.min(length, Math.min((long) end * cluster, bytes.length) - offset);
    return Extent.of(run, state ? Extent.DATA : 0);
  }

  @Override
  public void flush() throws BlockException {
    hook.before("flush", 0, 0);
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.NONE;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return org.qblockd.block.DefaultPerms.byRole(child, wanted, false);
  }

  @Override
  public ImageFacts imageFacts() {
    return new ImageFacts(cluster, false);
  }

  @Override
  public @Nullable String backingFile() {
    return backingFile;
  }

  @Override
  public @Nullable String backingFormat() {
    return null;
  }

  @Override
  public void changeBackingFile(@Nullable String file, @Nullable String format) {
    backingFile = file;
  }
}
