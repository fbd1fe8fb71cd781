// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.HasBackingFile;

/**
 * Finds an image of a backing chain by a file name, the old way of telling jobs how far they go.
 * Control lane. Filters have no names of their own and are passed over.
 */
public final class BackingImages {
  private BackingImages() {}

  /** The image below {@code node} that is meant by {@code filename}, or null. */
  public static @Nullable BlockNode find(FileNames names, BlockNode node, String filename) {
    BlockNode image = skipFilters(node);
    for (Child backing = image.backing(); backing != null; backing = image.backing()) {
      BlockNode below = skipFilters(backing.node());
      if (isMeant(names, image, below, filename)) {
        return below;
      }
      image = below;
    }
    return null;
  }

  private static boolean isMeant(
      FileNames names, BlockNode image, BlockNode below, String filename) {
    if (names.backingOverridden(image)) {
      return filename.equals(names.refresh(below));
    }
    HasBackingFile overlay = image.capability(HasBackingFile.class);
    String inImage = overlay == null ? null : overlay.backingFile();
    if (inImage == null) {
      return false;
    }
    if (ImagePath.protocol(filename) != null || ImagePath.protocol(inImage) != null) {
      return filename.equals(inImage) || filename.equals(full(names, image, inImage));
    }
    String asked = canonical(full(names, image, filename));
    return asked != null && asked.equals(canonical(full(names, image, inImage)));
  }

  private static @Nullable String full(FileNames names, BlockNode image, String name) {
    try {
      return names.absolute(image, name);
    } catch (BlockException noDirectory) {
      return null;
    }
  }

  private static @Nullable String canonical(@Nullable String name) {
    try {
      return name == null ? null : Path.of(name).toRealPath().toString();
    } catch (IOException missing) {
      return null;
    }
  }

  private static BlockNode skipFilters(BlockNode node) {
    BlockNode at = node;
    for (Child filtered = at.filtered(); filtered != null; filtered = at.filtered()) {
      at = filtered.node();
    }
    return at;
  }
}
