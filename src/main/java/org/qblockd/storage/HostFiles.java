// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;

/**
 * Opens and creates host files with the sentences of QEMU's {@code file} driver (asked of 10.0.2).
 * Any platform thread; opening may wait for the disk.
 */
public final class HostFiles {
  private static final int CREATE_MODE = 0644;
  private static final int WRITE_AND_RESIZE = 2 | 8;
  private static final int ALL_BUT_RESIZE = 7;
  private static final int SECTOR = 512;
  private static final int FIRST_BLOCK = 4096;
  private static final int ZERO_CHUNK = 1 << 20;

  /** Used when the kernel does not tell what O_DIRECT needs: no disk needs more. */
  private static final int SAFE_DIRECT_ALIGNMENT = 4096;

  private HostFiles() {}

  /** Whether the path leads to a block or character device. */
  public static boolean isDevice(String path) {
    try {
      Path file = Path.of(path);
      if (!Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
        return false;
      }
      int type = (int) Files.getAttribute(file, "unix:mode") & Native.S_IFMT;
      return HostFileType.DEVICE.accepts(type);
    } catch (IOException | InvalidPathException unknown) {
      return false;
    }
  }

  /** Opens an existing file of the host, whatever its name. */
  public static HostFile open(String path, HostOpen how) throws BlockException {
    return open(path, how, null);
  }

  /**
   * Opens an existing file; no lock is taken before {@link ImageLocks#prepare}.
   *
   * @param sets what names in {@code /dev/fdset} lead to; null to take them for files
   * @throws BlockException {@code Could not open 'p': No such file or directory}, {@code 'file'
   *     driver requires 'p' to be a regular file}, …
   */
  public static HostFile open(String path, HostOpen how, @Nullable FdSets sets)
      throws BlockException {
    int mode = how.writable() ? Native.O_RDWR : Native.O_RDONLY;
    int flags = mode | Native.O_CLOEXEC | (how.direct() ? Native.O_DIRECT : 0);
    FdSets.Duplicate duplicate = ofSet(path, flags, sets);
    int fd = duplicate == null ? openFile(path, flags, how) : duplicate.fd();
    try {
      return adopt(path, fd, flags, how, duplicate);
    } catch (BlockException e) {
      int unused = Native.close(fd);
      if (duplicate != null) {
        duplicate.closed();
      }
      throw e;
    }
  }

  /** Does not wait for the other end of a FIFO: QEMU would, and hang. */
  private static int openFile(String path, int flags, HostOpen how) throws BlockException {
    String failure = "Could not open '" + path + "'";
    int fd = Native.open(path, flags | Native.O_NONBLOCK, 0);
    if (fd == -Errno.EINVAL.number() && how.direct()) {
      throw BlockException.of(Errno.EINVAL, failure + ": filesystem does not support O_DIRECT");
    }
    if (fd < 0) {
      throw BlockException.withErrno(Errno.of(-fd), failure);
    }
    return fd;
  }

  /** A descriptor out of the set that the path names, or null. */
  private static FdSets.@Nullable Duplicate ofSet(String path, int flags, @Nullable FdSets sets)
      throws BlockException {
    return sets != null && FdSets.isName(path) ? sets.open(path, flags) : null;
  }

  private static HostFile adopt(
      String path, int fd, int flags, HostOpen how, FdSets.@Nullable Duplicate duplicate)
      throws BlockException {
    Native.FileStatus status = Native.status(fd);
    if (!how.type().accepts(status.type())) {
      throw BlockException.invalid(how.type().refusal(path));
    }
    Native.check(Native.fcntl(fd, Native.F_SETFL, flags));
    return new PosixFile(path, fd, how, how.direct() ? directAlignment(status) : 1, duplicate);
  }

  private static int directAlignment(Native.FileStatus status) {
    int alignment = status.directAlignment();
    return alignment > 0 ? alignment : SAFE_DIRECT_ALIGNMENT;
  }

  /** Creates a regular file of the host, whatever its name. */
  public static void create(String path, long size, Preallocation preallocation)
      throws BlockException {
    create(path, size, preallocation, null);
  }

  /**
   * Creates a regular file of {@code size} bytes, or empties an existing one that nobody else uses,
   * and closes it again. This is the {@code file} driver's blockdev-create.
   *
   * @throws BlockException {@code Could not create 'p': …}, {@code Failed to get "write" lock},
   *     {@code Could not resize file: …}, {@code Could not preallocate new data: …}; only after the
   *     last two may an existing file have changed
   */
  public static void create(
      String path, long size, Preallocation preallocation, @Nullable FdSets sets)
      throws BlockException {
    int flags = Native.O_RDWR | Native.O_CREAT | Native.O_CLOEXEC | Native.O_NONBLOCK;
    FdSets.Duplicate duplicate = ofSet(path, flags, sets);
    int fd = duplicate == null ? Native.open(path, flags, CREATE_MODE) : duplicate.fd();
    if (fd < 0) {
      throw BlockException.withErrno(Errno.of(-fd), "Could not create '" + path + "'");
    }
    try (HostFile file = new PosixFile(path, fd, HostOpen.regular(true), 1, duplicate)) {
      file.locks().prepare(WRITE_AND_RESIZE, ALL_BUT_RESIZE);
      resize(file, 0);
      reserveOrEmpty(file, size, preallocation);
    }
  }

  /** What could be reserved is given back when it does not suffice. */
  private static void reserveOrEmpty(HostFile file, long size, Preallocation preallocation)
      throws BlockException {
    try {
      reserve(file, size, preallocation);
    } catch (BlockException e) {
      try {
        file.truncate(0);
      } catch (BlockException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static void resize(HostFile file, long size) throws BlockException {
    try {
      file.truncate(size);
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), "Could not resize file");
    }
  }

  private static void reserve(HostFile file, long size, Preallocation preallocation)
      throws BlockException {
    switch (preallocation) {
      case OFF -> resize(file, size);
      case FALLOC -> preallocate(file, size);
      case FULL -> {
        resize(file, size);
        writeZeroes(file, size, "Could not write zeros for preallocation");
        flush(file);
        return;
      }
    }
    // As QEMU does it: an allocated first block tells the file system's alignment with O_DIRECT.
    int first = size < FIRST_BLOCK ? SECTOR : FIRST_BLOCK;
    writeZeroes(file, Math.min(size, first), "Could not resize file");
  }

  private static void preallocate(HostFile file, long size) throws BlockException {
    try {
      file.allocate(0, size);
    } catch (BlockException e) {
      if (e.errno() != Errno.ENOTSUP) {
        throw BlockException.withErrno(e.errno(), "Could not preallocate new data");
      }
      writeZeroes(file, size, "Could not preallocate new data");
    }
  }

  private static void flush(HostFile file) throws BlockException {
    try {
      file.flush();
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), "Could not flush file to disk");
    }
  }

  private static void writeZeroes(HostFile file, long size, String failure) throws BlockException {
    if (size == 0) {
      return;
    }
    try (PooledBuffer taken = BufferPool.get((int) Math.min(size, ZERO_CHUNK))) {
      ByteBuffer zeroes = taken.buffer();
      PosixFile.zero(zeroes);
      for (long at = 0; at < size; at += zeroes.limit()) {
        file.write(at, zeroes.position(0).limit((int) Math.min(zeroes.limit(), size - at)));
      }
    } catch (BlockException e) {
      throw BlockException.withErrno(e.errno(), failure);
    }
  }
}
