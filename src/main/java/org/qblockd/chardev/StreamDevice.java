// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A device on files, pipes, a serial line or standard input and output, which is open from the
 * beginning. One thread reads, while somebody uses the device.
 */
final class StreamDevice extends CharDevice {
  private static final int NONE = DescriptorStream.NONE;

  /** Asks a parallel port whether it is free to use. */
  private static final int PPCLAIM = 0x708B;

  private final String kind;
  private final Opening opening;
  private @Nullable Pair pair;
  private @Nullable DescriptorStream stream;
  private @Nullable Thread reader;

  /** What is read and written; input -1 for nothing. */
  record Pair(int input, int output) {}

  /** How the descriptors are got, and how they are given back. */
  interface Opening {
    Pair open() throws BlockException;

    default void close(Pair opened) {
      SocketCalls calls = new SocketCalls();
      int unused = calls.close(opened.output);
      if (opened.input != NONE && opened.input != opened.output) {
        unused = calls.close(opened.input);
      }
    }

    /** Whether the descriptors are given back while the process goes on. */
    default boolean closes() {
      return true;
    }
  }

  StreamDevice(String id, String kind, Opening opening) {
    super(id);
    this.kind = kind;
    this.opening = opening;
  }

  /** A file for the output, and perhaps one for the input. */
  static Opening files(String out, @Nullable String in, boolean append) {
    return () -> {
      int flags = HostCalls.O_WRONLY | HostCalls.O_CREAT;
      int output = open(out, flags | (append ? HostCalls.O_APPEND : HostCalls.O_TRUNC));
      try {
        return new Pair(in == null ? NONE : open(in, 0), output);
      } catch (BlockException e) {
        int unused = new SocketCalls().close(output);
        throw e;
      }
    };
  }

  /** A pair of named pipes, {@code path.in} and {@code path.out}, or one for both directions. */
  static Opening pipes(String path) {
    return () -> {
      HostCalls calls = new HostCalls();
      int input = calls.open(path + ".in", HostCalls.O_RDWR);
      int output = calls.open(path + ".out", HostCalls.O_RDWR);
      if (input >= 0 && output >= 0) {
        return new Pair(input, output);
      }
      for (int half : new int[] {input, output}) {
        if (half >= 0) {
          int unused = new SocketCalls().close(half);
        }
      }
      int both = open(path, HostCalls.O_RDWR);
      return new Pair(both, both);
    };
  }

  /** A serial line of the host. */
  static Opening serial(String path) {
    return () -> {
      int fd = open(path, HostCalls.O_RDWR | HostCalls.O_NOCTTY);
      return new Pair(fd, fd);
    };
  }

  /** A parallel port of the host. */
  static Opening parallel(String path) {
    return () -> {
      int fd = open(path, HostCalls.O_RDWR);
      int claimed = new HostCalls().ioctl(fd, PPCLAIM);
      if (claimed < 0) {
        int unused = new SocketCalls().close(fd);
        throw BlockException.withErrno(Errno.of(-claimed), "not a parallel port");
      }
      return new Pair(NONE, fd);
    };
  }

  private static int open(String path, int flags) throws BlockException {
    int fd = new HostCalls().open(path, flags);
    if (fd < 0) {
      throw BlockException.withErrno(Errno.of(-fd), "Could not open '" + path + "'");
    }
    return fd;
  }

  @Override
  public String filename() {
    return kind;
  }

  @Override
  void open() throws BlockException {
    pair = opening.open();
  }

  @Override
  void attached() {
    FrontEnd frontEnd = user();
    Pair opened = pair;
    if (frontEnd == null || opened == null) {
      return;
    }
    Wake wake = opening.closes() ? new Wake() : null;
    DescriptorStream begun = DescriptorStream.ofPair(frontEnd, opened.input, opened.output, wake);
    stream = begun;
    begun.connect();
    if (isStarted()) {
      serve(begun);
    }
  }

  @Override
  void begin() {
    if (stream != null) {
      serve(stream);
    }
  }

  private void serve(DescriptorStream begun) {
    reader = Thread.ofPlatform().name("chardev-" + kind).daemon(true).start(begun::serve);
  }

  @Override
  void detached() {
    DescriptorStream ending = stream;
    stream = null;
    if (ending != null) {
      ending.close();
    }
    Thread reading = reader;
    reader = null;
    if (reading != null && opening.closes()) {
      DescriptorStream.joinFully(reading);
    }
  }

  @Override
  void close() {
    Pair opened = pair;
    pair = null;
    if (opened == null) {
      return;
    }
    detached();
    opening.close(opened);
  }
}
