// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.snapshot;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.NodeOptions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.driver.NodeOpener;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevSnapshotSync;
import org.qblockd.qapi.types.NewImageMode;

/** Makes and opens the images that blockdev-snapshot-sync puts over a node. Control lane. */
final class NewOverlays {
  private static final String USUAL_FORMAT = "qcow2";

  private final NodeOpener opener;
  private final ImageCreator creator;

  NewOverlays(NodeOpener opener, ImageCreator creator) {
    this.opener = opener;
    this.creator = creator;
  }

  /** Opens the overlay without its backing file, in the mode of {@code below}. */
  BlockNode open(BlockdevSnapshotSync arguments, BlockNode below)
      throws QmpException, BlockException {
    String format = arguments.format().orElse(USUAL_FORMAT);
    checkName(arguments);
    if (arguments.mode().orElse(NewImageMode.ABSOLUTE_PATHS) != NewImageMode.EXISTING) {
      creator.createOver(
          new ImageCreator.NewImage(
              arguments.snapshotFile(),
              format,
              length(below),
              opener.fileNames().refresh(below),
              below.driver()));
    }
    OptionMap options = like(below.options());
    options.put("driver", format);
    if (arguments.snapshotNodeName().isPresent()) {
      options.put("node-name", arguments.snapshotNodeName().get());
    }
    options.putNull("backing");
    return opener.open(arguments.snapshotFile(), options);
  }

  private void checkName(BlockdevSnapshotSync arguments) throws QmpException {
    if (arguments.snapshotNodeName().isEmpty()) {
      if (arguments.nodeName().isPresent()) {
        throw QmpException.generic("New overlay node-name missing");
      }
      return;
    }
    String name = arguments.snapshotNodeName().get();
    BlockGraph graph = opener.graph();
    BlockBackend backend = graph.backend(name);
    boolean medium = backend != null && backend.node() != null;
    if (medium || graph.node(name) != null) {
      throw QmpException.generic("New overlay node-name already in use");
    }
  }

  private static long length(BlockNode below) throws BlockException {
    try {
      return below.length();
    } catch (BlockException unknown) {
      throw BlockException.of(
          unknown.errno() == null ? Errno.EIO : unknown.errno(), "bdrv_getlength failed");
    }
  }

  private static OptionMap like(NodeOptions options) {
    OptionMap map = new OptionMap();
    map.put("read-only", onOff(options.readOnly()));
    map.put("auto-read-only", onOff(options.autoReadOnly()));
    map.put("cache.direct", onOff(options.cacheDirect()));
    map.put("cache.no-flush", onOff(options.cacheNoFlush()));
    map.put("discard", options.discardUnmap() ? "unmap" : "ignore");
    return map;
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
