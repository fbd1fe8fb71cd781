// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import org.qblockd.base.BlockException;
import org.qblockd.driver.FormatCreator;
import org.qblockd.qapi.types.BlockdevCreateOptions;

/** A raw image is the file that it lies on, so there is nothing more to create. Control lane. */
final class RawCreator implements FormatCreator {
  @Override
  public void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException {
    throw BlockException.invalid("Driver does not support blockdev-create");
  }

  @Override
  public boolean needsFile() {
    return false;
  }
}
