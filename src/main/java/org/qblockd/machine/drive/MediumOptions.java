// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.qblockd.block.BlockNode;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.NodeOptions;
import org.qblockd.qapi.options.OptionMap;

/**
 * What the next medium of a drive has in common with the last one, unless a command says otherwise.
 * Immutable; any thread.
 */
public record MediumOptions(
    boolean readOnly, boolean cacheDirect, boolean cacheNoFlush, boolean unmap, boolean zeroes) {
  /** For a device that never had a medium. */
  static final MediumOptions NONE = new MediumOptions(true, false, false, false, false);

  /** What this medium tells. */
  public static MediumOptions of(BlockNode node) {
    NodeOptions options = node.options();
    return new MediumOptions(
        options.readOnly(),
        options.cacheDirect(),
        options.cacheNoFlush(),
        options.discardUnmap(),
        options.detectZeroes() != DetectZeroes.OFF);
  }

  /** The options to open it with, read-only or not. */
  public OptionMap with(boolean newReadOnly) {
    OptionMap options = new OptionMap();
    options.put("read-only", word(newReadOnly));
    options.put("cache.direct", word(cacheDirect));
    options.put("cache.no-flush", word(cacheNoFlush));
    options.put("detect-zeroes", word(zeroes));
    if (unmap) {
      options.put("discard", "unmap");
    }
    return options;
  }

  private static String word(boolean value) {
    return value ? "on" : "off";
  }
}
