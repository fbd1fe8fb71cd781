// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * How busy a node is and has been since it was opened, whoever its requests came from. Immutable;
 * any thread.
 *
 * @param inFlight requests that have begun and not ended
 * @param operations requests of all kinds that have begun
 * @param bytes of those
 */
public record NodeTraffic(int inFlight, long operations, long bytes) {

  /** Those of a node at this moment. */
  public static NodeTraffic of(BlockNode node) {
    return node.io().tracker().traffic();
  }
}
