// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.driver.qcow2.ImageFile;
import org.qblockd.storage.HostFile;
import org.qblockd.storage.HostFileType;
import org.qblockd.storage.HostFiles;
import org.qblockd.storage.HostOpen;

/** A qcow2 image straight in a host file, without a graph. Any thread. */
record HostImage(HostFile file) implements ImageFile, AutoCloseable {
  static HostImage open(Path path, boolean writable) throws BlockException {
    HostOpen how = new HostOpen(writable, false, false, HostFileType.REGULAR);
    return new HostImage(HostFiles.open(path.toString(), how));
  }

  @Override
  public long length() throws BlockException {
    return file.length();
  }

  @Override
  public long allocatedBytes() throws BlockException {
    return file.allocatedBytes();
  }

  @Override
  public void read(long offset, ByteBuffer into) throws BlockException {
    file.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    file.write(offset, from);
  }

  @Override
  public void writeZeroes(long offset, long bytes) throws BlockException {
    try {
      file.zeroRange(offset, bytes);
    } catch (BlockException refused) {
      if (refused.errno() != Errno.ENOTSUP) {
        throw refused;
      }
      file.write(offset, ByteBuffer.allocate(Math.toIntExact(bytes)));
    }
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    file.punchHole(offset, bytes);
  }

  @Override
  public void flush() throws BlockException {
    file.flush();
  }

  @Override
  public void resize(long length, String preallocation) throws BlockException {
    long old = file.length();
    if (!preallocation.equals("off") && length > old) {
      file.allocate(old, length - old);
    }
    file.truncate(length);
  }

  @Override
  public void close() {
    file.close();
  }
}
