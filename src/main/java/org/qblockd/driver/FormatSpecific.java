// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.qapi.types.ImageInfoSpecific;

/** A driver with facts of its own to show in {@code ImageInfo}. Any thread. */
public interface FormatSpecific {
  /** The facts now. */
  ImageInfoSpecific imageInfoSpecific();

  /** Whether what is stored is encrypted. */
  default boolean encrypted() {
    return false;
  }
}
