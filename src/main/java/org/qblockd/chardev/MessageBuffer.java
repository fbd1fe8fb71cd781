// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Native memory for recvmsg(2): bytes, and the descriptors that come with them. Layouts are those
 * of 64-bit Linux. Used by the thread that reads a connection.
 */
final class MessageBuffer {
  static final int BYTES = 64 * 1024;

  /** Descriptors taken with one message, as in QEMU; the kernel closes further ones. */
  static final int MAX_DESCRIPTORS = 16;

  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int CONTROL_HEADER = 16;
  private static final int CONTROL_BYTES = CONTROL_HEADER + MAX_DESCRIPTORS * Integer.BYTES;

  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES + 256, 16);
  private final MemorySegment bytes = memory.asSlice(0, BYTES);
  private final MemorySegment header = memory.asSlice(BYTES, 56);
  private final MemorySegment vector = memory.asSlice(BYTES + 56, 16);
  private final MemorySegment control = memory.asSlice(BYTES + 80, CONTROL_BYTES);
  private final byte[] heap = new byte[BYTES];

  MemorySegment nativeBytes() {
    return bytes;
  }

  /** The argument of recvmsg(2), ready for the next call. */
  MemorySegment prepareHeader() {
    vector.set(JAVA_LONG, 0, bytes.address());
    vector.set(JAVA_LONG, 8, BYTES);
    header.fill((byte) 0);
    header.set(JAVA_LONG, 16, vector.address());
    header.set(JAVA_LONG, 24, 1);
    header.set(JAVA_LONG, 32, control.address());
    header.set(JAVA_LONG, 40, CONTROL_BYTES);
    return header;
  }

  /** The first {@code length} received bytes, at the start of an array that is used again. */
  byte[] toHeap(int length) {
    MemorySegment.copy(bytes, JAVA_BYTE, 0, heap, 0, length);
    return heap;
  }

  /** The descriptors of the last recvmsg(2). */
  List<Integer> descriptors() {
    long controlLength = header.get(JAVA_LONG, 40);
    boolean rights =
        controlLength >= CONTROL_HEADER
            && control.get(JAVA_INT, 8) == SOL_SOCKET
            && control.get(JAVA_INT, 12) == SCM_RIGHTS;
    if (!rights) {
      return List.of();
    }
    int count = (int) ((control.get(JAVA_LONG, 0) - CONTROL_HEADER) / Integer.BYTES);
    List<Integer> descriptors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      descriptors.add(control.get(JAVA_INT, CONTROL_HEADER + (long) i * Integer.BYTES));
    }
    return List.copyOf(descriptors);
  }
}
