// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Optional;
import java.util.function.Consumer;
import org.qblockd.block.BlockNode;
import org.qblockd.driver.qcow2.CorruptionListener;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.BlockImageCorruptedEvent;

/**
 * Tells of damage found in a node's image by the event BLOCK_IMAGE_CORRUPTED; fatal damage takes
 * the node's medium away, as in QEMU. Any thread.
 */
final class ImageCorruption implements CorruptionListener {
  private final BlockNode node;
  private final EventSink events;
  private final Consumer<String> standardError;
  private final Consumer<String> reports;

  ImageCorruption(
      BlockNode node, EventSink events, Consumer<String> standardError, Consumer<String> reports) {
    this.node = node;
    this.events = events;
    this.standardError = standardError;
    this.reports = reports;
  }

  @Override
  public void imageCorrupted(String message, long offset, long size, boolean fatal) {
    events.emit(
        new BlockImageCorruptedEvent(
            node.deviceName(),
            Optional.of(node.name()),
            message,
            offset < 0 ? Optional.empty() : Optional.of(offset),
            size < 0 ? Optional.empty() : Optional.of(size),
            fatal));
    if (fatal) {
      node.eject();
    }
  }

  @Override
  public void report(String line) {
    standardError.accept(line);
  }

  @Override
  public void error(String sentence) {
    reports.accept(sentence);
  }

  @Override
  public void warn(String sentence) {
    reports.accept("warning: " + sentence);
  }
}
