// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** A socket that somebody else has made: a number on the command line, a name from getfd. */
record DescriptorEndpoint(String text, int fd) implements Endpoint {

  @Override
  public int listen(SocketCalls calls) throws BlockException {
    check();
    int result = calls.listen(fd, SocketDevice.BACKLOG);
    if (result < 0) {
      throw BlockException.withErrno(Errno.of(-result), "Failed to listen on socket");
    }
    return fd;
  }

  @Override
  public int connect(SocketCalls calls) throws BlockException {
    return check();
  }

  /** Asks the file system, since the system calls may not be linked yet. */
  int check() throws BlockException {
    boolean socket;
    try {
      socket =
          Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString().startsWith("socket:");
    } catch (IOException closed) {
      socket = false;
    }
    if (!socket) {
      throw BlockException.invalid("File descriptor '" + text + "' is not a socket");
    }
    return fd;
  }

  @Override
  public String text(int listener) {
    return "fd:" + text;
  }
}
