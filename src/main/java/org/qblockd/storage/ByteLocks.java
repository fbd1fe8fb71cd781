// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

/**
 * Locks on single bytes of a file that other processes, and other opens of this one, can see.
 * Results: at least 0, or a negative error number. Control lane only.
 */
interface ByteLocks {
  /** For files that nobody else can see, and for locking=off. */
  ByteLocks NONE =
      new ByteLocks() {
        @Override
        public int share(long at) {
          return 0;
        }

        @Override
        public int unlock(long at) {
          return 0;
        }

        @Override
        public boolean heldByOthers(long at) {
          return false;
        }
      };

  /** Takes a read lock without waiting. */
  int share(long at);

  /** Drops the lock. */
  int unlock(long at);

  /** Whether a write lock would meet somebody's lock, or cannot be asked for. */
  boolean heldByOthers(long at);
}
