// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.concurrent.locks.ReentrantLock;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * What every change of an image passes first: refuses it, or makes the image ready for its first
 * write. {@link #pass} from any thread; {@link #prepare} while the image is opened, on the control
 * lane.
 */
final class WriteGate {
  private final ImageState image;
  private final L1Table l1;
  private final RefcountTable refcounts;
  private final SnapshotStore snapshots;
  private final WriteBack writeBack;
  private final DirtyMark dirtyMark;

  /** Guards the change of {@link #prepared}; taken before all others. */
  private final ReentrantLock preparing = new ReentrantLock();

  private volatile boolean prepared;

  WriteGate(
      ImageState image,
      L1Table l1,
      RefcountTable refcounts,
      SnapshotStore snapshots,
      WriteBack writeBack,
      DirtyMark dirtyMark) {
    this.image = image;
    this.l1 = l1;
    this.refcounts = refcounts;
    this.snapshots = snapshots;
    this.writeBack = writeBack;
    this.dirtyMark = dirtyMark;
  }

  /** Checks that the image can be written, and makes it ready. */
  void pass() throws BlockException {
    image.corruption().checkUsable();
    if (image.access().readOnly()) {
      throw BlockException.io(Errno.EPERM);
    }
    if (!prepared) {
      prepareOnce();
    }
  }

  /** Before the first write: what a writer that knows less than the image's maker has to clear. */
  void prepare() throws BlockException {
    Header header = image.header();
    long kept = Format.AUTOCLEAR_BITMAPS | Format.AUTOCLEAR_LIVE_BITMAPS;
    kept |= image.data().raw() ? Format.AUTOCLEAR_DATA_FILE_RAW : 0;
    if ((header.autoclear & ~kept) != 0) {
      // What the other bits vouch for is not kept up here.
      header.autoclear &= kept;
      image.rewriteHeader();
    }
    if (header.is(Format.INCOMPATIBLE_DIRTY)) {
      new RefcountRepair(image, l1, refcounts, snapshots.list()).run();
      writeBack.settle();
      dirtyMark.clear();
    }
    prepared = true;
  }

  /** After a reopen the file may be written only now. */
  private void prepareOnce() throws BlockException {
    preparing.lock();
    try {
      if (!prepared) {
        prepare();
      }
    } finally {
      preparing.unlock();
    }
  }
}
