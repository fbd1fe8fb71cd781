// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blklogwrites;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsBlklogwrites;

/** The driver {@code blklogwrites}: keeps a log of all writes. Control lane. */
public final class LogWritesDriver implements BlockDriver {
  private static final long DEFAULT_SECTOR = 512;
  private static final long DEFAULT_INTERVAL = 4096;

  @Override
  public String name() {
    return "blklogwrites";
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("file", Kind.CHILD),
        RuntimeOption.of("log", Kind.CHILD),
        RuntimeOption.of("log-append", Kind.BOOL),
        RuntimeOption.of("log-sector-size", Kind.SIZE),
        RuntimeOption.of("log-super-update-interval", Kind.NUMBER));
  }

  @Override
  public List<String> strongOptions() {
    return List.of("log-append", "log-sector-size");
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.Blklogwrites branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsBlklogwrites options = branch.data();
    int filtered = ChildRole.FILTERED | ChildRole.PRIMARY;
    Child file = request.openChild("file", filtered, options.file());
    Child log = request.openChild("log", ChildRole.METADATA, options.log());
    LogPlace place = place(options, log);
    long interval = options.logSuperUpdateInterval().orElse(DEFAULT_INTERVAL);
    if (interval == 0) {
      throw BlockException.invalid("Invalid log superblock update interval 0");
    }
    return new LogWritesOps(file, new WriteLog(log, place, interval));
  }

  private static LogPlace place(BlockdevOptionsBlklogwrites options, Child log)
      throws BlockException {
    if (!options.logAppend().orElse(false)) {
      long sector = options.logSectorSize().orElse(DEFAULT_SECTOR);
      return new LogPlace(LogPlace.checkedSector(sector), 1, 0);
    }
    if (options.logSectorSize().isPresent()) {
      throw BlockException.invalid("log-append and log-sector-size are mutually exclusive");
    }
    if (log.length() == 0) {
      return new LogPlace((int) DEFAULT_SECTOR, 1, 0);
    }
    ByteBuffer head = ByteBuffer.allocate(LogPlace.SUPER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      log.read(0, head, 0);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Could not read log superblock");
    }
    return LogPlace.find(log, head.flip());
  }
}
