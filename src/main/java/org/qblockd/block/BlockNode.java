// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;

/**
 * A node of the graph: the one layer that checks, aligns, splits, counts, tracks and emulates, so
 * that drivers are short.
 *
 * <p>Requests from any thread. Everything about the graph (name, edges, blockers, options) on the
 * control lane.
 */
public final class BlockNode implements Parent {
  private final String name;
  private final String driver;
  private final NodeIo io;
  private final List<Child> children = new CopyOnWriteArrayList<>();
  private final List<Child> parents = new CopyOnWriteArrayList<>();
  private final OpBlockers blockers = new OpBlockers();
  private volatile NodeOptions options;
  private volatile @Nullable NodeOps ops;
  private volatile @Nullable Child backing;
  private String filename = "";
  private boolean implicit;
  private boolean monitorOwned;
  private int quiesced;

  BlockNode(String name, String driver, NodeOptions options, BufferPool buffers) {
    this.name = name;
    this.driver = driver;
    this.options = options;
    this.io = new NodeIo(this, buffers);
  }

  /** The node name. */
  public String name() {
    return name;
  }

  /** The driver's name, as {@code drv} in query-block shows it. */
  public String driver() {
    return driver;
  }

  /** The options that all nodes have. */
  public NodeOptions options() {
    return options;
  }

  /** Replaces the options; after a reopen, or when the driver fell back to read-only. */
  public void setOptions(NodeOptions newOptions) {
    options = newOptions;
  }

  /** Whether writes are refused. */
  public boolean readOnly() {
    return options.readOnly();
  }

  /** The file name that queries show: a path or {@code json:{…}}. */
  public String filename() {
    return filename;
  }

  /** Sets what {@link #filename} shows. */
  public void setFilename(String newFilename) {
    filename = newFilename;
  }

  /** The driver's side; ENOMEDIUM while the node is not open. */
  public NodeOps ops() throws BlockException {
    NodeOps current = ops;
    if (current == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    return current;
  }

  /** The driver's side if it has this capability, else null. */
  public <T> @Nullable T capability(Class<T> type) {
    NodeOps current = ops;
    return type.isInstance(current) ? type.cast(current) : null;
  }

  /** Sets the driver's side when the driver has opened. */
  public void opened(NodeOps openedOps) {
    ops = openedOps;
    NoticesDrain.begin(openedOps, quiesced > 0);
  }

  /** The image is damaged: from now on there is no medium (ENOMEDIUM). Any thread. */
  public void eject() {
    ops = null;
  }

  /** Whether there is no medium: not open, or {@linkplain #eject ejected}. */
  public boolean ejected() {
    return ops == null;
  }

  /** Closes the driver's side; afterwards every request ends with ENOMEDIUM. */
  public void closeOps() {
    NodeOps current = ops;
    ops = null;
    if (current != null) {
      current.close();
    }
  }

  /** The edges to children, in the order in which they were attached. */
  public List<Child> children() {
    return Collections.unmodifiableList(children);
  }

  /** The edges from parents, newest first. */
  public List<Child> parents() {
    return Collections.unmodifiableList(parents);
  }

  /** The child edge with this name, or null. */
  public @Nullable Child child(String edgeName) {
    for (Child child : children) {
      if (child.name().equals(edgeName)) {
        return child;
      }
    }
    return null;
  }

  /** The edge to the backing node, or null. */
  public @Nullable Child backing() {
    return backing;
  }

  /** The child that stands for this node, or null. */
  public @Nullable Child primary() {
    return childInRole(ChildRole.PRIMARY);
  }

  /** The edge that a filter filters, or null if this node is no filter. */
  public @Nullable Child filtered() {
    return childInRole(ChildRole.FILTERED);
  }

  private @Nullable Child childInRole(int role) {
    for (Child child : children) {
      if (child.hasRole(role)) {
        return child;
      }
    }
    return null;
  }

  /** The edge to what shows through where this node has nothing: filtered child or backing. */
  public @Nullable Child filteredOrBacking() {
    Child filtered = filtered();
    return filtered != null ? filtered : backing;
  }

  /** Whether the node was put in by the server itself and queries skip it. */
  public boolean implicit() {
    return implicit;
  }

  /** Marks the node as put in by the server itself. */
  public void setImplicit(boolean value) {
    implicit = value;
  }

  /** Whether blockdev-add made it, so that blockdev-del may remove it. */
  public boolean monitorOwned() {
    return monitorOwned;
  }

  /** Tells whether blockdev-del may remove the node. */
  public void setMonitorOwned(boolean value) {
    monitorOwned = value;
  }

  /** The length in bytes. */
  public long length() throws BlockException {
    return ops().length();
  }

  /**
   * Reads {@code into.remaining()} bytes, beyond the end zeroes; {@code flags} is a mask of {@link
   * RequestFlags}.
   */
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    io.read(offset, into, flags);
  }

  /** Writes all that remains in {@code from}; may grow a node that can grow. */
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    io.write(offset, from, flags);
  }

  /** Makes the range read as zeroes. */
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    io.writeZeroes(offset, bytes, flags);
  }

  /** Discards the range where the options allow it. */
  public void discard(long offset, long bytes) throws BlockException {
    io.discard(offset, bytes);
  }

  /** Brings completed writes to stable storage; without a medium there is nothing to do. */
  public void flush() throws BlockException {
    io.flush();
  }

  /** The status at {@code offset} of this layer, for at most {@code bytes}; see {@link Extent}. */
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    return io.extentAt(offset, bytes, wantZero);
  }

  /** Changes the length; see {@link Resizes#resize}. */
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    io.resize(length, exact, preallocation, zeroNew);
    for (Child parent : parents) {
      parent.parent().resized(parent);
    }
  }

  /** The end of the highest write so far, in bytes. */
  public long highestWrite() {
    return io.marks().highestWrite();
  }

  /** Whether requests are in flight on this node. */
  public boolean busy() {
    return io.tracker().busy();
  }

  NodeIo io() {
    return io;
  }

  /** The bitmaps that track this node's writes, oldest first. */
  public List<DirtyBitmap> bitmaps() {
    return io.marks().bitmaps().all();
  }

  /** Adds a bitmap; it sees writes that complete from now on. */
  public void addBitmap(DirtyBitmap bitmap) {
    io.marks().bitmaps().add(bitmap);
  }

  /** Removes a bitmap. */
  public void removeBitmap(DirtyBitmap bitmap) {
    io.marks().bitmaps().remove(bitmap);
  }

  /** Refuses the operation with this reason until {@link #unblock}. */
  public void block(BlockOp op, OpBlocker reason) {
    blockers.add(op, reason);
  }

  /** Refuses every operation with this reason. */
  public void blockAll(OpBlocker reason) {
    blockers.addToAll(reason);
  }

  /** Takes a reason back. */
  public void unblock(BlockOp op, OpBlocker reason) {
    blockers.remove(op, reason);
  }

  /** Takes a reason back from all operations. */
  public void unblockAll(OpBlocker reason) {
    blockers.removeFromAll(reason);
  }

  /** Throws the reason why the operation is refused, if there is one. */
  public void checkOp(BlockOp op) throws BlockException {
    blockers.check(op, this);
  }

  /** The name of the drive that shows this node, or the node name. */
  public String displayName() {
    String device = deviceName();
    return device.isEmpty() ? name : device;
  }

  /** The name of the named backend at this node, or an empty string. */
  public String deviceName() {
    for (Child parent : parents) {
      if (parent.parent() instanceof BlockBackend backend && !backend.name().isEmpty()) {
        return backend.name();
      }
    }
    return "";
  }

  @Override
  public String describe() {
    return "node '" + name + "'";
  }

  @Override
  public void drainedBegin(Child child) {
    quiesceBegin();
  }

  @Override
  public boolean drainedPoll(Child child) {
    return busy() || parentsBusy();
  }

  @Override
  public void drainedEnd(Child child) {
    quiesceEnd();
  }

  @Override
  public BlockNode asNode() {
    return this;
  }

  @Override
  public void resized(Child child) {
    if (filtered() == child) {
      for (Child parent : parents) {
        parent.parent().resized(parent);
      }
    }
  }

  /** Tells all parents to start nothing new. */
  void quiesceBegin() {
    quiesced++;
    if (quiesced == 1) {
      for (Child parent : parents) {
        parent.beginParentQuiesce();
      }
      NoticesDrain.begin(ops, true);
    }
  }

  /** Undoes {@link #quiesceBegin}. */
  void quiesceEnd() {
    quiesced--;
    if (quiesced == 0) {
      NoticesDrain.end(ops);
      for (Child parent : parents) {
        if (parent.parentQuiesced() > 0) {
          parent.endParentQuiesce();
        }
      }
    }
  }

  /** How many drains hold this node quiet. */
  int quiesced() {
    return quiesced;
  }

  /** Whether a parent still has requests under way. */
  boolean parentsBusy() {
    return parents.stream().anyMatch(parent -> parent.parent().drainedPoll(parent));
  }

  void addChild(Child child, int index) {
    children.add(index < 0 ? children.size() : index, child);
    if (child.name().equals("backing")) {
      backing = child;
    }
  }

  int removeChild(Child child) {
    int index = children.indexOf(child);
    children.remove(index);
    if (backing == child) {
      backing = null;
    }
    return index;
  }

  void addParent(Child child) {
    parents.addFirst(child);
  }

  void removeParent(Child child) {
    parents.remove(child);
  }

  @Override
  public String toString() {
    return name + " (" + driver + ")";
  }
}
