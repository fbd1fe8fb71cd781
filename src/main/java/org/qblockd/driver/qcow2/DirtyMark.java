// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/**
 * The header's bit that says that refcounts are not to be trusted. With lazy refcounts it stands on
 * disk before the first of them is wrong. Any thread.
 */
final class DirtyMark {
  private final ImageState image;
  private volatile boolean lazyRefcounts;

  DirtyMark(ImageState image, boolean lazyRefcounts) {
    this.image = image;
    this.lazyRefcounts = lazyRefcounts;
  }

  boolean lazyRefcounts() {
    return lazyRefcounts;
  }

  void setLazyRefcounts(boolean value) {
    lazyRefcounts = value;
  }

  /** Before refcounts change: with lazy refcounts the image is marked, once. */
  void beforeChange() throws BlockException {
    if (lazyRefcounts && !image.header().is(Format.INCOMPATIBLE_DIRTY)) {
      write(image.header().incompatible | Format.INCOMPATIBLE_DIRTY);
    }
  }

  /** The refcounts on disk are right. */
  void clear() throws BlockException {
    write(image.header().incompatible & ~Format.INCOMPATIBLE_DIRTY);
  }

  private void write(long incompatible) throws BlockException {
    image.file().write(Format.AT_INCOMPATIBLE, ByteBuffer.allocate(8).putLong(0, incompatible));
    image.file().flush();
    image.header().incompatible = incompatible;
  }
}
