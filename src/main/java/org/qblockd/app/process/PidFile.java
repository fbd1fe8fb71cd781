// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A file that holds the process id, locked for as long as the process lives, so that two servers
 * cannot have the same one. Main thread; {@link #remove} from any thread.
 */
public final class PidFile {
  private final Path path;
  private final FileChannel channel;

  private PidFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates the file, or takes over one that no process holds.
   *
   * @throws BlockException with QEMU's sentence
   */
  public static PidFile write(String name) throws BlockException {
    byte[] content =
        (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    while (true) {
      PidFile file = open(name);
      try {
        file.channel.truncate(0);
        if (file.channel.write(ByteBuffer.wrap(content)) != content.length) {
          throw BlockException.withErrno(Errno.ENOSPC, "Failed to write pid file");
        }
        // The process that had it may have removed it between our opening and locking it.
        if (java.util.Arrays.equals(Files.readAllBytes(file.path), content)) {
          return file;
        }
        file.channel.close();
      } catch (NoSuchFileException removed) {
        continue;
      } catch (IOException e) {
        throw BlockException.of(Errno.EIO, "Failed to write pid file: " + e.getMessage());
      }
    }
  }

  private static PidFile open(String name) throws BlockException {
    try {
      // The empty name is no file to open(2), but the working directory to Path.
      if (name.isEmpty()) {
        throw new NoSuchFileException(name);
      }
      Path path = Path.of(name);
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw BlockException.withErrno(Errno.EAGAIN, "Cannot lock pid file");
      }
      return new PidFile(path, channel);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw BlockException.withErrno(Errno.ENOENT, "Could not create '" + name + "'");
    } catch (AccessDeniedException e) {
      throw BlockException.withErrno(Errno.EACCES, "Could not create '" + name + "'");
    } catch (FileSystemException e) {
      throw BlockException.of(Errno.EIO, "Could not create '" + name + "': " + e.getReason());
    } catch (IOException e) {
      throw BlockException.of(Errno.EIO, "Could not create '" + name + "': " + e.getMessage());
    }
  }

  /** Removes the file. */
  public void remove() {
    boolean unused = path.toFile().delete();
    try {
      channel.close();
    } catch (IOException e) {
      // The process ends; the system closes it.
      return;
    }
  }
}
