// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.Zeroes;
import org.qblockd.storage.HostFile;

/** Changes the length of a host file, with or without reserving the new space. Any thread. */
final class FileResize {
  private static final int CHUNK = 1 << 20;

  private FileResize() {}

  /** A device has the length that it has; a larger one than needed may do. */
  static void checkDevice(HostFile file, long length, boolean exact, String preallocation)
      throws BlockException {
    if (!preallocation.equals("off")) {
      throw BlockException.of(
          Errno.ENOTSUP,
          "Preallocation mode '" + preallocation + "' unsupported for this non-regular file");
    }
    long now = file.length();
    if (length != now && exact) {
      throw BlockException.of(Errno.ENOTSUP, "Cannot resize device files");
    }
    if (length > now) {
      throw BlockException.of(Errno.EINVAL, "Cannot grow device files");
    }
  }

  /** After an error the file has its old length again, if the host lets it. */
  static void to(HostFile file, long length, String preallocation) throws BlockException {
    long old = file.length();
    boolean reserves = !preallocation.equals("off");
    if (reserves && length < old) {
      throw BlockException.of(Errno.ENOTSUP, "Preallocation can't be used for shrinking files");
    }
    try {
      switch (preallocation) {
        case "off" -> truncate(file, length);
        case "falloc" -> allocate(file, old, length);
        case "full" -> fill(file, old, length);
        default ->
            throw BlockException.of(
                Errno.ENOTSUP, "Unsupported preallocation mode: " + preallocation);
      }
    } catch (BlockException failed) {
      restore(file, old, failed);
      throw failed;
    }
  }

  private static void restore(HostFile file, long old, BlockException failed) {
    try {
      if (file.length() > old) {
        file.truncate(old);
      }
    } catch (BlockException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }

  private static void truncate(HostFile file, long length) throws BlockException {
    try {
      file.truncate(length);
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), "Could not resize file");
    }
  }

  private static void allocate(HostFile file, long old, long length) throws BlockException {
    if (length == old) {
      return;
    }
    try {
      file.allocate(old, length - old);
    } catch (BlockException e) {
      if (e.errno() != Errno.ENOTSUP) {
        throw BlockException.withErrno(e.errno(), "Could not preallocate new data");
      }
      fill(file, old, length);
    }
  }

  private static void fill(HostFile file, long old, long length) throws BlockException {
    truncate(file, length);
    try (PooledBuffer taken = BufferPool.get(CHUNK)) {
      ByteBuffer zeroes = taken.buffer();
      Zeroes.fill(zeroes);
      for (long at = old; at < length; at += zeroes.limit()) {
        file.write(at, zeroes.position(0).limit((int) Math.min(CHUNK, length - at)));
      }
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), "Could not write zeros for preallocation");
    }
    try {
      file.flush();
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), "Could not flush file to disk");
    }
  }
}
