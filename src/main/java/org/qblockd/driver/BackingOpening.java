// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.ChildRole;
import org.qblockd.block.HasBackingFile;
import org.qblockd.block.Perms;
import org.qblockd.qapi.options.OptionMap;

/**
 * Opens what lies under an overlay that has just been opened: what its options say, else what its
 * image names. Used once, on the control lane.
 */
final class BackingOpening {
  private static final String EDGE = "backing";

  private final NodeOpener opener;
  private final BlockNode overlay;
  private final BlockDriver driver;
  private final OptionMap kept;
  private final OptionMap rest;

  /**
   * The step for one overlay.
   *
   * @param kept all options of the overlay
   * @param rest those that were not used yet; the backing file's are taken out
   */
  BackingOpening(
      NodeOpener opener, BlockNode overlay, BlockDriver driver, OptionMap kept, OptionMap rest) {
    this.opener = opener;
    this.overlay = overlay;
    this.driver = driver;
    this.kept = kept;
    this.rest = rest;
  }

  void run() throws BlockException {
    HasBackingFile image = overlay.capability(HasBackingFile.class);
    String inImage = image == null ? null : image.backingFile();
    String format = image == null ? null : image.backingFormat();
    OptionMap options = rest.takeBelow(EDGE + ".");
    String reference = rest.string(EDGE);
    boolean named = inImage != null && !inImage.isEmpty();
    if (!named && reference == null && options.isEmpty()) {
      return;
    }
    boolean implicit = reference == null && options.isEmpty();
    String filename = null;
    if (reference == null && !options.has("file.filename")) {
      filename = named ? opener.fileNames().fullBackingFilename(overlay) : null;
    } else {
      implicit = false;
    }
    if (!driver.supportsBacking()) {
      throw BlockException.invalid("Driver doesn't support backing files");
    }
    if (reference == null && format != null && !format.isEmpty()) {
      options.putDefault(CommonOptions.DRIVER, format);
    }
    BlockNode backing = open(filename, reference, options);
    if (implicit) {
      opener.fileNames().setAutoBacking(overlay, opener.fileNames().refresh(backing));
    }
    attach(backing);
    if (reference == null) {
      opener.fileNames().setInherits(backing, overlay);
    }
    rest.remove(EDGE);
  }

  private BlockNode open(@Nullable String filename, @Nullable String reference, OptionMap options)
      throws BlockException {
    try {
      Heritage heritage =
          new Heritage(kept, driver.isFormat(), false, ChildRole.COW, overlay.inactive());
      return opener.open(filename, reference, options, heritage);
    } catch (BlockException failed) {
      throw failed.prefixed("Could not open backing file: ");
    }
  }

  private void attach(BlockNode backing) throws BlockException {
    BlockGraph graph = opener.graph();
    try {
      graph.attach(overlay, EDGE, ChildRole.COW, backing, Perms.NONE);
    } catch (BlockException refused) {
      graph.closeIfUnused(backing);
      throw refused;
    }
  }
}
