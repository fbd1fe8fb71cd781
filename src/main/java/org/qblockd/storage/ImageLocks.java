// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * QEMU's image locking: the permissions taken on a file and those not shared with others, as read
 * locks on bytes of the file, so that processes see each other's. Control lane only.
 *
 * <p>Bit n of a permission mask (consistent read 1, write 2, write unchanged 4, resize 8) is byte
 * 100 + n when used and byte 200 + n when not shared. A permission is refused while somebody holds
 * the byte of the other hundred. Everybody locks first and looks afterwards, so of two processes at
 * most one succeeds. (QEMU's byte layout; order and sentences asked of qemu-img and qemu-io
 * 10.0.2.)
 *
 * <p>A change has two phases: {@link #prepare}, then {@link #commit} or {@link #abort}. At first
 * nothing is used and everything shared, which locks no byte.
 */
public final class ImageLocks {
  private static final int ALL = 15;
  private static final long USED_BASE = 100;
  private static final long UNSHARED_BASE = 200;
  private static final String[] NAMES = {"consistent read", "write", "write unchanged", "resize"};

  private final ByteLocks bytes;
  private int used;
  private int shared = ALL;

  /** The bytes that are locked now, as masks. */
  private int lockedUsed;

  private int lockedUnshared;

  ImageLocks(ByteLocks bytes) {
    this.bytes = bytes;
  }

  /** What QEMU's programs print on the line below a lock error; not part of QMP's message. */
  public static String hint(String path) {
    return "Is another process using the image [" + path + "]?";
  }

  /**
   * Locks what {@code used} and {@code shared} need beside what is held, and checks that nobody
   * objects. When it throws, everything is as before.
   *
   * @throws BlockException EAGAIN, {@code Failed to get "write" lock} and the like
   */
  public void prepare(int used, int shared) throws BlockException {
    if ((this.used | used) == this.used && (this.shared & shared) == this.shared) {
      return;
    }
    int unshared = ALL & ~shared;
    try {
      lock(this.used | used, (ALL & ~this.shared) | unshared);
      check(used, UNSHARED_BASE, "Failed to get \"");
      check(unshared, USED_BASE, "Failed to get shared \"");
    } catch (BlockException e) {
      abort();
      throw e;
    }
  }

  /** Makes the prepared masks the state and unlocks what they do not need. */
  public void commit(int used, int shared) {
    this.used = used;
    this.shared = shared;
    abort();
  }

  /** Goes back to the state of the last commit. */
  public void abort() {
    lockedUsed = keep(lockedUsed, used, USED_BASE);
    lockedUnshared = keep(lockedUnshared, ALL & ~shared, UNSHARED_BASE);
  }

  /**
   * Gives another open file of the same image this one's state, prepared locks included, so that
   * the old one can be closed without a moment unlocked. Others are not asked: this file's own
   * locks would answer.
   *
   * @throws BlockException when the kernel refuses a lock; {@code next} then holds none
   */
  public void copyTo(HostFile next) throws BlockException {
    ImageLocks target = next.locks();
    try {
      target.lock(lockedUsed, lockedUnshared);
    } catch (BlockException e) {
      target.abort();
      throw e;
    }
    target.used = used;
    target.shared = shared;
  }

  private void lock(int wantUsed, int wantUnshared) throws BlockException {
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((wantUsed & ~lockedUsed & (1 << bit)) != 0) {
        lockByte(USED_BASE + bit);
        lockedUsed |= 1 << bit;
      }
    }
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((wantUnshared & ~lockedUnshared & (1 << bit)) != 0) {
        lockByte(UNSHARED_BASE + bit);
        lockedUnshared |= 1 << bit;
      }
    }
  }

  private void lockByte(long at) throws BlockException {
    int result = bytes.share(at);
    if (result < 0) {
      throw BlockException.of(Errno.of(-result), "Failed to lock byte " + at);
    }
  }

  private void check(int mask, long base, String failure) throws BlockException {
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((mask & (1 << bit)) != 0 && bytes.heldByOthers(base + bit)) {
        throw BlockException.of(Errno.EAGAIN, failure + NAMES[bit] + "\" lock");
      }
    }
  }

  /** What stays locked; a byte that cannot be unlocked stays, and the next change tries again. */
  private int keep(int locked, int wanted, long base) {
    int kept = locked;
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((locked & ~wanted & (1 << bit)) != 0 && bytes.unlock(base + bit) >= 0) {
        kept &= ~(1 << bit);
      }
    }
    return kept;
  }
}
