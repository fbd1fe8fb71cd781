// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.storage.FdSets;
import org.qblockd.storage.HostFile;
import org.qblockd.storage.HostFileType;
import org.qblockd.storage.HostFiles;
import org.qblockd.storage.HostOpen;
import org.qblockd.storage.ImageLocks;

/**
 * The open host file of a node, which is opened anew when it must become writable or read-only: at
 * a reopen, and with auto-read-only when the first writer comes. {@link #file} from any thread, the
 * rest on the control lane.
 *
 * <p>A file that was replaced keeps its descriptor until the node is closed or the next
 * replacement, since reads that began on it may still be under way; its locks are given up at once.
 */
final class FileHandle {
  private final BlockNode node;
  private final String path;
  private final HostOpen how;
  private final @Nullable FdSets sets;
  private volatile HostFile file;
  private @Nullable HostFile retired;

  /** Opened for the permissions being prepared, with the locks of {@link #file}. */
  private @Nullable HostFile next;

  /** Opened for the reopen being prepared. */
  private @Nullable HostFile reopened;

  private FileHandle(
      BlockNode node, String path, HostOpen how, @Nullable FdSets sets, HostFile file) {
    this.sets = sets;
    this.node = node;
    this.path = path;
    this.how = how;
    this.file = file;
  }

  static FileHandle open(BlockNode node, String path, HostOpen how, FdSets sets)
      throws BlockException {
    NodeOptions options = node.options();
    boolean writable = !options.readOnly() && !options.autoReadOnly();
    HostFile file = open(path, how, sets, writable, options.cacheDirect());
    return new FileHandle(node, path, how, sets, file);
  }

  static FileHandle over(BlockNode node, HostFile file) {
    HostOpen how = new HostOpen(file.writable(), false, false, HostFileType.REGULAR);
    return new FileHandle(node, file.path(), how, null, file);
  }

  private static HostFile open(
      String path, HostOpen how, @Nullable FdSets sets, boolean writable, boolean direct)
      throws BlockException {
    HostOpen now = new HostOpen(writable, direct, how.locking(), how.type());
    return HostFiles.open(path, now, sets);
  }

  boolean isDevice() {
    return how.type() == HostFileType.DEVICE;
  }

  HostFile file() {
    return file;
  }

  void close() {
    file.close();
    if (retired != null) {
      retired.close();
    }
  }

  // ---- permissions ----------------------------------------------------------------------------

  void prepare(Perms perms, boolean writes) throws BlockException {
    try {
      file.locks().prepare(perms.used(), sharedWith(perms));
    } catch (BlockException locked) {
      throw locked.hinted(ImageLocks.hint(file.path()));
    }
    if (!writes || file.writable()) {
      return;
    }
    try {
      next = successor(true, node.options().cacheDirect());
    } catch (BlockException e) {
      file.locks().abort();
      throw e;
    }
  }

  void commit(Perms perms) {
    HostFile successor = next;
    next = null;
    if (successor != null) {
      replaceBy(successor);
    }
    file.locks().commit(perms.used(), sharedWith(perms));
  }

  void abort() {
    if (next != null) {
      next.close();
      next = null;
    }
    file.locks().abort();
  }

  private int sharedWith(Perms perms) {
    return node.options().forceShare() ? Permission.ALL : perms.shared();
  }

  // ---- reopening ------------------------------------------------------------------------------

  void prepareReopen(boolean writable, boolean direct) throws BlockException {
    boolean later = writable && node.options().autoReadOnly();
    boolean wanted = later ? file.writable() : writable;
    if (file.writable() != wanted || node.options().cacheDirect() != direct) {
      reopened = successor(wanted, direct);
    }
  }

  void commitReopen() {
    HostFile successor = reopened;
    reopened = null;
    if (successor != null) {
      replaceBy(successor);
    }
  }

  void abortReopen() {
    if (reopened != null) {
      reopened.close();
      reopened = null;
    }
  }

  /** The same file opened differently, with the same locks. */
  private HostFile successor(boolean writable, boolean direct) throws BlockException {
    HostFile opened = open(path, how, sets, writable, direct);
    try {
      file.locks().copyTo(opened);
      return opened;
    } catch (BlockException e) {
      opened.close();
      throw e;
    }
  }

  private void replaceBy(HostFile successor) {
    if (retired != null) {
      retired.close();
    }
    ImageLocks old = file.locks();
    retired = file;
    file = successor;
    old.commit(0, Permission.ALL);
  }
}
