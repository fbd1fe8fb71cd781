// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** A driver that has image facts to show. Any thread. */
public interface ReportsImageInfo {
  /**
   * What the generic part of {@code ImageInfo} shows.
   *
   * @param clusterSize bytes, 0 if there are no clusters
   * @param dirty whether the image was not closed properly
   * @param stateOffset where saved machine states would begin, in bytes, 0 if there is no place
   */
  record ImageFacts(int clusterSize, boolean dirty, long stateOffset) {
    /** Facts of an image that has no place for machine states. */
    public ImageFacts(int clusterSize, boolean dirty) {
      this(clusterSize, dirty, 0);
    }
  }

  /** The facts now. */
  ImageFacts imageFacts();
}
