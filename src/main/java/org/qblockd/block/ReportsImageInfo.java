// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** A driver that has image facts to show. Any thread. */
public interface ReportsImageInfo {
  /**
   * What the generic part of {@code ImageInfo} shows.
   *
   * @param clusterSize bytes, 0 if there are no clusters
   * @param dirty whether the image was not closed properly
   */
  record ImageFacts(int clusterSize, boolean dirty) {}

  /** The facts now. */
  ImageFacts imageFacts();
}
