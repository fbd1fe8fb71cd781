// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * An edge of the graph: the only road to a node. Who holds the edge, under which name and role,
 * with which permissions.
 *
 * <p>Requests from any thread; target and permissions change on the control lane, through {@link
 * BlockGraph}.
 */
public final class Child {
  /** What may be done with a node although an overlay lies over it. */
  private static final BlockOp[] ALLOWED_ON_BACKING = {
    BlockOp.COMMIT_TARGET, BlockOp.STREAM, BlockOp.BACKUP_SOURCE, BlockOp.BACKUP_TARGET
  };

  private final String name;
  private volatile int role;
  private final Parent parent;
  private volatile BlockNode node;
  private volatile Perms perms;

  /** What a backing edge forbids at its node; null for other edges and while not attached. */
  private @Nullable OpBlocker backingBlocker;

  /** Set when this edge's parent was told to be quiet, so that it is told once per quiet node. */
  private int parentQuiesced;

  /** Whether the edge must stay as it is; see {@link FrozenChain}. Lane only. */
  private boolean frozen;

  Child(String name, int role, Parent parent, BlockNode node, Perms perms) {
    this.name = name;
    this.role = role;
    this.parent = parent;
    this.node = node;
    this.perms = perms;
  }

  /** The edge's name: {@code file}, {@code backing}, {@code root}, {@code main node}, … */
  public String name() {
    return name;
  }

  /** A mask of {@link ChildRole}. */
  public int role() {
    return role;
  }

  /**
   * Narrows the role: a format that finds its data elsewhere keeps only metadata in its file. On
   * the control lane, while the parent is opened; permissions are to be refreshed after it.
   */
  public void setRole(int newRole) {
    role = newRole;
  }

  /** Whether all of {@code mask} is in the role. */
  public boolean hasRole(int mask) {
    return (role & mask) == mask;
  }

  /** Who holds the edge. */
  public Parent parent() {
    return parent;
  }

  /** The node at the other end. */
  public BlockNode node() {
    return node;
  }

  /** The permissions this edge has now. */
  public Perms perms() {
    return perms;
  }

  /** See {@link BlockNode#length}. */
  public long length() throws BlockException {
    return node.length();
  }

  /** See {@link BlockNode#read}. */
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    // No permission is asserted: probing looks at headers without a claim to consistent data.
    node.read(offset, into, flags);
  }

  /** See {@link BlockNode#write}. */
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    assertWrites(flags);
    node.write(offset, from, flags);
  }

  /** See {@link BlockNode#writeZeroes}. */
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    assertWrites(flags);
    node.writeZeroes(offset, bytes, flags);
  }

  /** See {@link BlockNode#discard}. */
  public void discard(long offset, long bytes) throws BlockException {
    assertUsed(Permission.WRITE);
    node.discard(offset, bytes);
  }

  /** See {@link BlockNode#flush}. */
  public void flush() throws BlockException {
    node.flush();
  }

  /** See {@link BlockNode#extentAt}. */
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    return node.extentAt(offset, bytes, wantZero);
  }

  /** See {@link BlockNode#resize}. */
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    assertUsed(Permission.RESIZE);
    node.resize(length, exact, preallocation, zeroNew);
  }

  /** Whether a job relies on this edge staying as it is. Control lane. */
  public boolean frozen() {
    return frozen;
  }

  void setFrozen(boolean value) {
    frozen = value;
  }

  /**
   * Stores in the node what it shows from below in this range; see {@link CopyOnRead#copyUp}.
   *
   * @throws BlockException when the content cannot be read or stored
   */
  public void copyUp(long offset, long bytes) throws BlockException {
    assertWrites(RequestFlags.WRITE_UNCHANGED);
    CopyOnRead.copyUp(node, offset, bytes);
  }

  void retarget(BlockNode target) {
    node = target;
  }

  void setPerms(Perms newPerms) {
    perms = newPerms;
  }

  /** The node is in use as backing file: most operations on it are refused from now on. */
  void blockBacking() {
    BlockNode above = parent.asNode();
    if (above != null && hasRole(ChildRole.COW)) {
      OpBlocker reason =
          new OpBlocker("node is used as backing hd of '" + above.displayName() + "'");
      node.blockAll(reason);
      for (BlockOp allowed : ALLOWED_ON_BACKING) {
        node.unblock(allowed, reason);
      }
      backingBlocker = reason;
    }
  }

  /** Undoes {@link #blockBacking}. */
  void unblockBacking() {
    if (backingBlocker != null) {
      node.unblockAll(backingBlocker);
      backingBlocker = null;
    }
  }

  int parentQuiesced() {
    return parentQuiesced;
  }

  /** Tells the parent to be quiet until {@link #endParentQuiesce}. */
  void beginParentQuiesce() {
    parentQuiesced++;
    parent.drainedBegin(this);
  }

  /** Lets the parent go on, once for each {@link #beginParentQuiesce}. */
  void endParentQuiesce() {
    parentQuiesced--;
    parent.drainedEnd(this);
  }

  private void assertUsed(int needed) {
    assert (perms.used() & needed) == needed : this + " lacks " + Permission.names(needed);
  }

  private void assertWrites(int flags) {
    boolean unchanged = (flags & RequestFlags.WRITE_UNCHANGED) != 0;
    assert !unchanged || (perms.used() & (Permission.WRITE | Permission.WRITE_UNCHANGED)) != 0
        : this + " lacks write unchanged";
    assert unchanged || (perms.used() & Permission.WRITE) != 0 : this + " lacks write";
  }

  @Override
  public String toString() {
    return parent.describe() + " -" + name + "-> " + node.name();
  }
}
