// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.storage.HostFiles;

/**
 * The drivers by name. A driver's class is loaded when it is first asked for. Any thread, once all
 * are added.
 */
public final class DriverRegistry {
  /** How much of an image is looked at to guess its format, in bytes. */
  public static final int PROBE_BYTES = 512;

  private final Map<String, Supplier<BlockDriver>> makers = new TreeMap<>();
  private final Map<String, String> protocols = new HashMap<>();
  private final Map<String, Boolean> formats = new HashMap<>();
  private final Map<String, BlockDriver> made = new ConcurrentHashMap<>();

  /** Adds a driver that can be probed for. */
  public DriverRegistry format(String name, Supplier<BlockDriver> maker) {
    makers.put(name, maker);
    formats.put(name, true);
    return this;
  }

  /** Adds a driver that cannot be probed for. */
  public DriverRegistry other(String name, Supplier<BlockDriver> maker) {
    makers.put(name, maker);
    formats.put(name, false);
    return this;
  }

  /** Adds a name before the colon of file names for a driver that has another one. */
  public DriverRegistry protocolName(String prefix, String driver) {
    protocols.put(prefix, driver);
    return this;
  }

  /** All names in order, as {@code format=help} lists them. */
  public List<String> names() {
    return List.copyOf(makers.keySet());
  }

  /** The driver with this name, or null. */
  public @Nullable BlockDriver find(String name) {
    Supplier<BlockDriver> maker = makers.get(name);
    return maker == null ? null : made.computeIfAbsent(name, n -> maker.get());
  }

  /** The driver with this name. */
  public BlockDriver get(String name) throws BlockException {
    BlockDriver driver = find(name);
    if (driver == null) {
      throw BlockException.invalid("Unknown driver '" + name + "'");
    }
    return driver;
  }

  /** The driver for a file name: the one before its colon, or the one for the host. */
  public BlockDriver protocol(String filename, boolean allowPrefix) throws BlockException {
    String prefix = allowPrefix ? ImagePath.protocol(filename) : null;
    if (prefix == null) {
      return get(HostFiles.isDevice(filename) ? "host_device" : "file");
    }
    BlockDriver driver = find(protocols.getOrDefault(prefix, prefix));
    if (driver == null || !driver.isProtocol()) {
      throw BlockException.invalid("Unknown protocol '" + prefix + "'");
    }
    return driver;
  }

  /** The format that the beginning of an image suggests most strongly. */
  public BlockDriver probe(ByteBuffer head, String filename) throws BlockException {
    BlockDriver best = null;
    int bestScore = 0;
    for (String name : makers.keySet()) {
      BlockDriver driver = formats.getOrDefault(name, false) ? find(name) : null;
      int score = driver == null ? 0 : driver.probe(head.duplicate(), filename);
      if (score > bestScore) {
        best = driver;
        bestScore = score;
      }
    }
    if (best == null) {
      throw BlockException.of(
          Errno.ENOENT, "Could not determine image format: No compatible driver found");
    }
    return best;
  }
}
