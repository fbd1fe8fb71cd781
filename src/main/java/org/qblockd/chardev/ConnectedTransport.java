// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A monitor with one client for good: an inherited connected socket, or a listening unix socket
 * that we connect to. The main thread opens, starts and closes; the client has a thread.
 */
public final class ConnectedTransport implements Transport {
  private static final int NONE = -1;

  private final FrontEnd frontEnd;
  private final @Nullable UnixAddress address;
  private int fd;
  private @Nullable DescriptorStream stream;

  private ConnectedTransport(FrontEnd frontEnd, int fd, @Nullable UnixAddress address) {
    this.frontEnd = frontEnd;
    this.fd = fd;
    this.address = address;
  }

  /**
   * Links the system calls that all transports but TCP use, which takes as long as everything else
   * between the start of the program and its greeting: call it early, on a thread of its own.
   */
  public static void prepare() {
    boolean unused = new SocketCalls().isSocket(NONE);
    EarlySocket.noLongerNeeded();
  }

  /** A socket that the parent process connected; it is closed in the end. */
  public static ConnectedTransport ofDescriptor(FrontEnd frontEnd, int fd) {
    return new ConnectedTransport(frontEnd, fd, null);
  }

  /** The client listens, we connect. */
  public static ConnectedTransport to(FrontEnd frontEnd, UnixAddress address) {
    return new ConnectedTransport(frontEnd, NONE, address);
  }

  @Override
  public void open() throws BlockException {
    if (address == null) {
      if (!isSocket(fd)) {
        throw BlockException.invalid("File descriptor '" + fd + "' is not a socket");
      }
      return;
    }
    SocketCalls calls = new SocketCalls();
    fd = calls.socket(SocketCalls.AF_UNIX);
    if (fd < 0) {
      throw BlockException.withErrno(Errno.of(-fd), "Failed to create socket");
    }
    int result = calls.connect(fd, address.toNative());
    if (result < 0) {
      calls.close(fd);
      throw BlockException.withErrno(
          Errno.of(-result), "Failed to connect to '" + address.path() + "'");
    }
  }

  /** Asks the file system, since the system calls may not be linked yet. */
  private static boolean isSocket(int fd) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd))
          .toString()
          .startsWith("socket:");
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public void start() {
    DescriptorStream begun =
        address == null
            ? DescriptorStream.ofInherited(frontEnd, fd)
            : DescriptorStream.ofSocket(frontEnd, fd);
    stream = begun;
    Thread.ofPlatform().name("monitor-client").daemon(true).start(begun::serve);
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
