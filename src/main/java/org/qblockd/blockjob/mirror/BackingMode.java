// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

/** What becomes of the target's backing chain when the mirror completes. */
public enum BackingMode {
  /** It gets the source's: a new image that drive-mirror made. */
  SOURCE_CHAIN,
  /** The one that the image names is opened: an existing image that drive-mirror opened without. */
  OPEN,
  /** It stays as it is: blockdev-mirror. */
  LEAVE
}
