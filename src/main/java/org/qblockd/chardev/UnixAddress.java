// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.qblockd.base.BlockException;

/**
 * The name of a unix socket. Immutable; any thread.
 *
 * @param path a path, or a name in Linux' abstract namespace
 * @param isAbstract whether it is such a name
 * @param tight whether an abstract name ends with its last character, or is padded with zeroes
 */
public record UnixAddress(String path, boolean isAbstract, boolean tight) {
  private static final int FAMILY_BYTES = 2;
  private static final int PATH_BYTES = 108;

  /** A socket in the file system. */
  public static UnixAddress ofPath(String path) {
    return new UnixAddress(path, false, true);
  }

  /** The address as the kernel takes it. */
  MemorySegment toNative() throws BlockException {
    byte[] name = (isAbstract ? "\0" + path : path).getBytes(UTF_8);
    if (name.length > PATH_BYTES) {
      throw BlockException.invalid("UNIX socket path '" + path + "' is too long")
          .hinted(
              "Path must be less than " + (isAbstract ? PATH_BYTES - 1 : PATH_BYTES) + " bytes");
    }
    boolean full = !isAbstract || !tight;
    byte[] padded = full ? Arrays.copyOf(name, PATH_BYTES) : name;
    MemorySegment address = Arena.ofAuto().allocate(FAMILY_BYTES + padded.length, 8);
    address.set(JAVA_SHORT, 0, (short) SocketCalls.AF_UNIX);
    MemorySegment.copy(MemorySegment.ofArray(padded), 0, address, FAMILY_BYTES, padded.length);
    return address;
  }
}
