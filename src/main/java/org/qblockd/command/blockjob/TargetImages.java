// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.driver.ImageCreator;
import org.qblockd.driver.NodeOpener;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.options.OptionMap;

/** Creates and opens the images that drive-mirror and drive-backup write to. Control lane. */
final class TargetImages {
  private final NodeOpener opener;
  private final ImageCreator creator;

  TargetImages(NodeOpener opener, ImageCreator creator) {
    this.opener = opener;
    this.creator = creator;
  }

  /** Creates an image as large as {@code source}, over {@code backing} if that is not null. */
  void create(String filename, String format, BlockNode source, @Nullable BlockNode backing)
      throws BlockException {
    BlockNode shown = backing == null ? null : Nodes.skipImplicit(backing);
    creator.create(
        new ImageCreator.NewImage(
            filename,
            format,
            source.length(),
            shown == null ? null : opener.fileNames().refresh(shown),
            shown == null ? null : shown.driver()));
  }

  /**
   * Opens the image writable, with the cache mode of {@code source} and without a backing file.
   *
   * @param format the driver, or null to guess it
   */
  BlockNode open(
      String filename, @Nullable String format, @Nullable String nodeName, BlockNode source)
      throws BlockException {
    OptionMap options = like(source, format);
    if (nodeName != null) {
      options.put("node-name", nodeName);
    }
    options.put("discard", source.options().discardUnmap() ? "unmap" : "ignore");
    options.putNull("backing");
    return opener.open(filename, options);
  }

  /**
   * Opens the image writable, with the cache mode of {@code source}; zeroes give space back.
   *
   * @param withoutBacking whether its backing file stays closed, since the caller attaches another
   */
  BlockNode openForBackup(
      String filename, @Nullable String format, BlockNode source, boolean withoutBacking)
      throws BlockException {
    OptionMap options = like(source, format);
    options.put("discard", "unmap");
    options.put("detect-zeroes", "unmap");
    if (withoutBacking) {
      options.putNull("backing");
    }
    return opener.open(filename, options);
  }

  private static OptionMap like(BlockNode source, @Nullable String format) {
    OptionMap options = new OptionMap();
    if (format != null) {
      options.put("driver", format);
    }
    options.put("read-only", "off");
    options.put("cache.direct", onOff(source.options().cacheDirect()));
    options.put("cache.no-flush", onOff(source.options().cacheNoFlush()));
    return options;
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
