// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/** What shows through where an image has nothing allocated. Any thread. */
public interface BackingSource {
  /** No backing: unallocated clusters read as zeroes. */
  BackingSource NONE =
      new BackingSource() {
        @Override
        public boolean present() {
          return false;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
          throw new IllegalStateException("no backing");
        }
      };

  /** Whether there is a backing node now. */
  boolean present();

  /** Fills {@code into}; bytes beyond the backing's end are zero. Only when present. */
  void read(long offset, ByteBuffer into) throws BlockException;
}
