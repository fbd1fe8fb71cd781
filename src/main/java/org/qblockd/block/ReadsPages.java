// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.Pages;

/** A driver that can give bytes without copying them. Any thread. */
public interface ReadsPages {
  /**
   * The bytes from {@code offset} on, at least one and at most {@code bytes}; null when they have
   * to be read, which also finds out what is wrong with them.
   */
  @Nullable Pages readPages(long offset, int bytes);
}
