// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** A unix socket. */
record UnixEndpoint(UnixAddress address) implements Endpoint {

  @Override
  public int listen(SocketCalls calls) throws BlockException {
    int fd = calls.socket(SocketCalls.AF_UNIX);
    if (fd < 0) {
      throw BlockException.withErrno(Errno.of(-fd), "Failed to create Unix socket");
    }
    int result;
    try {
      unlink();
      result = calls.bind(fd, address.toNative());
    } catch (BlockException e) {
      calls.close(fd);
      throw e;
    }
    if (result < 0) {
      calls.close(fd);
      throw BlockException.withErrno(
          Errno.of(-result), "Failed to bind socket to " + address.path());
    }
    calls.listen(fd, SocketDevice.BACKLOG);
    return fd;
  }

  /** Whatever lies at the path gives way to the socket, as in QEMU. */
  private void unlink() throws BlockException {
    if (address.isAbstract()) {
      return;
    }
    try {
      Files.deleteIfExists(Path.of(address.path()));
    } catch (IOException e) {
      throw BlockException.withErrno(
          FileErrors.errno(e, Errno.EISDIR), "Failed to unlink socket " + address.path());
    }
  }

  @Override
  public int connect(SocketCalls calls) throws BlockException {
    int fd = calls.socket(SocketCalls.AF_UNIX);
    if (fd < 0) {
      throw BlockException.withErrno(Errno.of(-fd), "Failed to create socket");
    }
    int result;
    try {
      result = calls.connect(fd, address.toNative());
    } catch (BlockException e) {
      calls.close(fd);
      throw e;
    }
    if (result < 0) {
      calls.close(fd);
      throw BlockException.withErrno(
          Errno.of(-result), "Failed to connect to '" + address.path() + "'");
    }
    return fd;
  }

  @Override
  public String text(int listener) {
    String kind = "";
    if (address.isAbstract()) {
      kind = address.tight() ? ",abstract=on,tight=on" : ",abstract=on";
    }
    return "unix:" + address.path() + kind;
  }

  @Override
  public void remove() {
    if (!address.isAbstract()) {
      boolean unused = Path.of(address.path()).toFile().delete();
    }
  }
}
