// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.ImageNames;
import org.qblockd.driver.BackingImages;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.NodeOpener;

/** What the images of a chain are called. Control lane. */
final class ChainNames implements ImageNames {
  private final NodeOpener opener;

  ChainNames(NodeOpener opener) {
    this.opener = opener;
  }

  /** The image below {@code node} with this file name, or null. */
  @Nullable BlockNode find(BlockNode node, String filename) {
    return BackingImages.find(opener.fileNames(), node, filename);
  }

  @Override
  public String filename(BlockNode node) {
    return opener.fileNames().refresh(node);
  }

  @Override
  public boolean isProtocol(BlockNode node) {
    BlockDriver driver = opener.drivers().find(node.driver());
    return driver != null && driver.isProtocol();
  }
}
