// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.qblockd.base.BlockException;

/** A client that passes descriptors by SCM_RIGHTS, which the JDK's sockets cannot. */
final class DescriptorSender implements AutoCloseable {
  private static final MethodHandle SENDMSG =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("sendmsg"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private final SocketCalls calls = new SocketCalls();
  private final Arena arena = Arena.ofConfined();
  private final int fd;

  private DescriptorSender() {
    fd = calls.socket(SocketCalls.AF_UNIX);
  }

  static DescriptorSender connect(UnixAddress address) throws BlockException {
    DescriptorSender sender = new DescriptorSender();
    if (sender.calls.connect(sender.fd, address.toNative()) < 0) {
      throw new AssertionError("connect to " + address);
    }
    return sender;
  }

  void send(String text) {
    MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, text.getBytes(UTF_8));
    if (calls.write(fd, bytes, bytes.byteSize()) != bytes.byteSize()) {
      throw new AssertionError("write");
    }
  }

  void sendWithDescriptors(String text, int... descriptors) {
    MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, text.getBytes(UTF_8));
    MemorySegment vector = arena.allocate(16, 8);
    vector.set(JAVA_LONG, 0, bytes.address());
    vector.set(JAVA_LONG, 8, bytes.byteSize());
    MemorySegment control = arena.allocate(16 + (descriptors.length + 1) / 2 * 8L, 8);
    control.set(JAVA_LONG, 0, 16 + 4L * descriptors.length);
    control.set(JAVA_INT, 8, 1);
    control.set(JAVA_INT, 12, 1);
    MemorySegment.copy(descriptors, 0, control, JAVA_INT, 16, descriptors.length);
    MemorySegment header = arena.allocate(56, 8);
    header.set(JAVA_LONG, 16, vector.address());
    header.set(JAVA_LONG, 24, 1);
    header.set(JAVA_LONG, 32, control.address());
    header.set(JAVA_LONG, 40, control.byteSize());
    try {
      long sent = (long) SENDMSG.invokeExact((long) fd, header.address(), 0L);
      if (sent != bytes.byteSize()) {
        throw new AssertionError("sendmsg: " + sent);
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The next line; empty at the end of the stream. */
  String line() {
    MemorySegment one = arena.allocate(1);
    StringBuilder line = new StringBuilder();
    while (calls.read(fd, one) == 1 && one.get(JAVA_BYTE, 0) != '\n') {
      if (one.get(JAVA_BYTE, 0) != '\r') {
        line.append((char) one.get(JAVA_BYTE, 0));
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    if (calls.close(fd) < 0) {
      throw new AssertionError("close");
    }
    arena.close();
  }
}
