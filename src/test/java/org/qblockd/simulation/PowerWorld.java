// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.NodeOps;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.storage.CrashFile;
import org.qblockd.storage.HostFile;

/**
 * Files in memory on one power supply, and the driver {@code file} that opens and makes them. Any
 * thread.
 */
final class PowerWorld implements BlockDriver {
  private final Map<String, CrashFile> files = new HashMap<>();

  /**
   * Requests hold it for reading; a power cut, which meets all files at one moment, for writing.
   */
  final ReadWriteLock power = new ReentrantReadWriteLock();

  /** What all files may hold when the power fails now. */
  Map<String, byte[]> cut(RandomGenerator random) throws BlockException {
    power.writeLock().lock();
    try {
      Map<String, byte[]> found = new TreeMap<>();
      for (Map.Entry<String, CrashFile> file : new TreeMap<>(files).entrySet()) {
        found.put(file.getKey(), bytes(file.getValue().crash(random)));
      }
      return found;
    } finally {
      power.writeLock().unlock();
    }
  }

  /** What all files hold. */
  Map<String, byte[]> content() throws BlockException {
    Map<String, byte[]> found = new TreeMap<>();
    for (Map.Entry<String, CrashFile> file : files.entrySet()) {
      found.put(file.getKey(), bytes(file.getValue()));
    }
    return found;
  }

  private static byte[] bytes(HostFile file) throws BlockException {
    byte[] bytes = new byte[(int) file.length()];
    file.read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** A file that is on stable storage. */
  void put(String path, byte[] bytes) throws BlockException {
    CrashFile file = new CrashFile(bytes.length);
    file.write(0, ByteBuffer.wrap(bytes));
    file.flush();
    files.put(path, file);
  }

  @Override
  public String name() {
    return "file";
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
  public List<RuntimeOption> runtimeOptions() {
    return List.of(RuntimeOption.of("filename", RuntimeOption.Kind.TEXT));
  }

  @Override
  public boolean reopens() {
    return true;
  }

  @Override
  public FormatCreator creator() {
    return new FormatCreator() {
      @Override
      public void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException {
        if (options instanceof BlockdevCreateOptions.File file) {
          put(file.data().filename(), new byte[(int) file.data().size()]);
        }
      }

      @Override
      public boolean needsFile() {
        return false;
      }
    };
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    BlockNode node = request.node();
    String path = ((BlockdevOptions.File) request.options()).data().filename();
    CrashFile file = files.get(path);
    if (file == null) {
      throw BlockException.of(Errno.ENOENT, "Could not open '" + path + "'");
    }
    return new PowerFileOps(node, file, power.readLock());
  }

  /** The same files after a power cut, as nobody has opened them. */
  static PowerWorld of(Map<String, byte[]> found) throws BlockException {
    PowerWorld world = new PowerWorld();
    for (Map.Entry<String, byte[]> file : found.entrySet()) {
      world.put(file.getKey(), file.getValue());
    }
    return world;
  }
}
