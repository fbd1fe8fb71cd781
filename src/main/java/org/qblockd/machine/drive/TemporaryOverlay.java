// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.driver.ImageCreator;
import org.qblockd.driver.NodeOpener;
import org.qblockd.qapi.options.OptionMap;

/**
 * Opens an image under an overlay that takes all writes and vanishes with the server: {@code
 * snapshot=on}. The overlay's file has no name any more once it is open. Control lane.
 */
final class TemporaryOverlay {
  private static final String READ_ONLY = "read-only";

  private final NodeOpener opener;

  TemporaryOverlay(NodeOpener opener) {
    this.opener = opener;
  }

  /** The overlay, over what name and options describe. */
  BlockNode open(@Nullable String filename, OptionMap options) throws BlockException {
    OptionMap below = options.copy();
    String readOnly = options.text(READ_ONLY);
    below.put(READ_ONLY, "on");
    below.put("auto-read-only", "off");
    BlockNode image = opener.open(filename, below);
    Path file = null;
    try {
      file = newFile();
      new ImageCreator(opener, line -> {})
          .create(new ImageCreator.NewImage(file.toString(), "qcow2", image.length(), null, null));
      return opener.open(null, overlayOptions(file, image, readOnly));
    } finally {
      opener.graph().closeIfUnused(image);
      delete(file);
    }
  }

  private static OptionMap overlayOptions(Path file, BlockNode image, @Nullable String readOnly) {
    OptionMap overlay = new OptionMap();
    overlay.put("driver", "qcow2");
    overlay.put("file.driver", "file");
    overlay.put("file.filename", file.toString());
    overlay.put("backing", image.name());
    overlay.put(READ_ONLY, readOnly == null ? "off" : readOnly);
    // Nobody can use what a crash leaves behind, so nothing need reach the disk.
    overlay.put("cache.direct", "off");
    overlay.put("cache.no-flush", "on");
    return overlay;
  }

  private static Path newFile() throws BlockException {
    String place = System.getenv("TMPDIR");
    Path directory = Path.of(place == null || place.isEmpty() ? "/var/tmp" : place);
    try {
      return Files.createTempFile(directory, "vl.", "");
    } catch (IOException e) {
      throw BlockException.withErrno(
          Errno.ENOENT, "Could not open temporary file '" + directory.resolve("vl.XXXXXX") + "'");
    }
  }

  private static void delete(@Nullable Path file) throws BlockException {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw BlockException.withErrno(Errno.EIO, "Could not remove '" + file + "'");
    }
  }
}
