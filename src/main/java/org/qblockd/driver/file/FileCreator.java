// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.driver.FormatCreator;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevCreateOptionsFile;
import org.qblockd.qapi.types.PreallocMode;
import org.qblockd.storage.FdSets;
import org.qblockd.storage.HostFiles;
import org.qblockd.storage.Preallocation;

/** Creates regular files of the host. Control lane. */
final class FileCreator implements FormatCreator {
  private final FdSets sets;

  FileCreator(FdSets sets) {
    this.sets = sets;
  }

  @Override
  public void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException {
    if (!(options instanceof BlockdevCreateOptions.File file)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevCreateOptionsFile data = file.data();
    Preallocation preallocation = preallocation(data.preallocation().orElse(PreallocMode.OFF));
    // nocow and extent-size-hint are hints to file systems that know them.
    HostFiles.create(data.filename(), data.size(), preallocation, sets);
  }

  @Override
  public boolean needsFile() {
    return false;
  }

  @Override
  public void delete(String filename) throws BlockException {
    try {
      Files.deleteIfExists(Path.of(filename));
    } catch (IOException e) {
      throw BlockException.io(Errno.EIO, e);
    }
  }

  private static Preallocation preallocation(PreallocMode mode) throws BlockException {
    return switch (mode) {
      case OFF -> Preallocation.OFF;
      case FALLOC -> Preallocation.FALLOC;
      case FULL -> Preallocation.FULL;
      case METADATA ->
          throw BlockException.invalid("Unsupported preallocation mode: " + mode.wireName());
    };
  }
}
