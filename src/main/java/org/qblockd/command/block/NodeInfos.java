// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.WriteThreshold;
import org.qblockd.driver.FileNames;
import org.qblockd.driver.FormatSpecific;
import org.qblockd.qapi.types.BlockDeviceInfo;
import org.qblockd.qapi.types.BlockDirtyInfo;
import org.qblockd.qapi.types.BlockdevCacheInfo;
import org.qblockd.qapi.types.BlockdevDetectZeroesOptions;

/** {@code BlockDeviceInfo} of a node, alone or as a drive shows it. Control lane. */
final class NodeInfos {
  private final FileNames names;
  private final ImageInfos images;

  NodeInfos(FileNames names) {
    this.names = names;
    this.images = new ImageInfos(names);
  }

  /**
   * The description of a node.
   *
   * @param backend the backend through which it is shown, or null
   * @param flat whether the images below are left out
   */
  BlockDeviceInfo of(BlockNode node, @Nullable BlockBackend backend, boolean flat)
      throws BlockException {
    if (node.ejected()) {
      throw BlockException.of(Errno.ENOMEDIUM, "Block device " + node.name() + " is ejected");
    }
    NodeOptions options = node.options();
    boolean writeback = backend == null || backend.writeCache();
    List<BlockDirtyInfo> bitmaps = bitmaps(node);
    FormatSpecific specific = node.capability(FormatSpecific.class);
    BlockDeviceInfo.Builder info = BlockDeviceInfo.builder();
    ThrottleCommands.show(info, backend);
    return info.file(names.refresh(node))
        .nodeName(node.name())
        .ro(node.readOnly())
        .drv(node.driver())
        .backingFile(Optional.ofNullable(names.backingFile(node)))
        .backingFileDepth(flat ? 0 : FileNames.backingDepth(node, backend != null))
        .active(!node.inactive())
        .encrypted(specific != null && specific.encrypted())
        .detectZeroes(detectZeroes(options))
        .image(images.of(node, !flat))
        .cache(new BlockdevCacheInfo(writeback, options.cacheDirect(), options.cacheNoFlush()))
        .writeThreshold(WriteThreshold.of(node))
        .dirtyBitmaps(bitmaps.isEmpty() ? Optional.empty() : Optional.of(bitmaps))
        .build();
  }

  private static BlockdevDetectZeroesOptions detectZeroes(NodeOptions options) {
    return switch (options.detectZeroes()) {
      case OFF -> BlockdevDetectZeroesOptions.OFF;
      case ON -> BlockdevDetectZeroesOptions.ON;
      case UNMAP -> BlockdevDetectZeroesOptions.UNMAP;
    };
  }

  /** Newest first, as QEMU lists them; bitmaps of jobs have no name. */
  private static List<BlockDirtyInfo> bitmaps(BlockNode node) {
    List<BlockDirtyInfo> infos = new ArrayList<>();
    for (DirtyBitmap bitmap : node.bitmaps().reversed()) {
      infos.add(
          BlockDirtyInfo.builder()
              .name(Optional.ofNullable(bitmap.name()))
              .count(bitmap.dirtyBytes())
              .granularity(bitmap.granularity())
              .recording(bitmap.recording())
              .busy(bitmap.busy())
              .persistent(bitmap.persistent())
              .inconsistent(bitmap.inconsistent() ? Optional.of(true) : Optional.empty())
              .build());
    }
    return infos;
  }
}
