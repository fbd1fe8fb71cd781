// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.qblockd.base.BlockException;

/**
 * Guesses from the space that the host has allocated whether an image has preallocated metadata:
 * then clearly more clusters are in use than the host stores. Any thread. Source: the reference's
 * answers to qemu-img map.
 */
final class HoleGuess {
  private final ImageState image;
  private final RefcountTable refcounts;

  HoleGuess(ImageState image, RefcountTable refcounts) {
    this.image = image;
    this.refcounts = refcounts;
  }

  boolean mayHoldHoles() throws BlockException {
    long stored = image.file().allocatedBytes();
    if (stored < 0) {
      return true;
    }
    Geometry geometry = image.geometry();
    long storedClusters = stored >>> geometry.clusterBits();
    long threshold = Math.max(storedClusters * 10 / 9, storedClusters + 2);
    long fileClusters = geometry.clusters(image.file().length());
    if (fileClusters < threshold) {
      return false;
    }
    long used = 0;
    image.lock().lock();
    try {
      for (long i = 0; i < fileClusters && used < threshold; i++) {
        used += refcounts.get(i) > 0 ? 1 : 0;
      }
    } finally {
      image.lock().unlock();
    }
    return used >= threshold;
  }
}
