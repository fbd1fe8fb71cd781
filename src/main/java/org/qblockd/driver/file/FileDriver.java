// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.ImagePath;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevAioOptions;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsFile;
import org.qblockd.qapi.types.OnOffAuto;
import org.qblockd.storage.FdSets;
import org.qblockd.storage.HostFileType;
import org.qblockd.storage.HostOpen;

/**
 * The drivers {@code file} and {@code host_device}: regular files and devices of the host. Control
 * lane.
 */
public final class FileDriver implements BlockDriver {
  private final FdSets sets;
  private final HostFileType type;

  /** Opens files of this type; names in {@code /dev/fdset} from these sets. */
  public FileDriver(FdSets sets, HostFileType type) {
    this.sets = sets;
    this.type = type;
  }

  @Override
  public String name() {
    return type.driver();
  }

  @Override
  public boolean isProtocol() {
    return true;
  }

  @Override
  public boolean needsFilename() {
    return true;
  }

  @Override
  public void parseFilename(String filename, OptionMap options) {
    String prefix = name() + ":";
    if (filename.startsWith(prefix)) {
      String plain = filename.substring(prefix.length());
      // Without a slash before the colon the rest would be taken for a protocol later.
      options.put("filename", ImagePath.protocol(plain) == null ? plain : "./" + plain);
    }
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("filename", Kind.TEXT),
        RuntimeOption.words("aio", "threads", "native", "io_uring"),
        RuntimeOption.of("aio-max-batch", Kind.NUMBER),
        RuntimeOption.words("locking", "auto", "on", "off"),
        RuntimeOption.of("pr-manager", Kind.TEXT),
        RuntimeOption.of("drop-cache", Kind.BOOL),
        RuntimeOption.of("x-check-cache-dropped", Kind.BOOL));
  }

  @Override
  public @Nullable FormatCreator creator() {
    return type == HostFileType.REGULAR ? new FileCreator(sets) : null;
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public List<String> mutableOptions() {
    return List.of("x-check-cache-dropped");
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    BlockdevOptionsFile options =
        switch (request.options()) {
          case BlockdevOptions.File file -> file.data();
          case BlockdevOptions.HostDevice device -> device.data();
          default -> throw new IllegalArgumentException("options of another driver");
        };
    boolean direct = request.node().options().cacheDirect();
    if (options.aio().orElse(BlockdevAioOptions.THREADS) == BlockdevAioOptions.NATIVE && !direct) {
      throw BlockException.invalid(
          "aio=native was specified, but it requires cache.direct=on, which was not specified.");
    }
    @Nullable String manager = options.prManager().orElse(null);
    if (manager != null) {
      throw BlockException.invalid("No persistent reservation manager with id '" + manager + "'");
    }
    boolean locking = options.locking().orElse(OnOffAuto.AUTO) != OnOffAuto.OFF;
    HostOpen how = new HostOpen(false, direct, locking, type);
    return FileOps.open(request.node(), options.filename(), how, sets);
  }
}
