// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Opening, creating and failing on the real file system; sentences asked of QEMU 10.0.2. */
final class PosixFileTest {
  private static final HostOpen READ_ONLY = HostOpen.regular(false);
  private static final HostOpen READ_WRITE = HostOpen.regular(true);
  private static final HostOpen DEVICE = new HostOpen(true, false, true, HostFileType.DEVICE);

  @TempDir Path directory;

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private static BlockException failure(ThrowingCallable action) {
    BlockException e = catchThrowableOfType(BlockException.class, action);
    assertThat(e).as("nothing was thrown").isNotNull();
    return e;
  }

  private static String refusal(String path, HostOpen how) {
    return failure(() -> HostFiles.open(path, how)).message();
  }

  @Test
  void refusesWhatIsNotThere() throws Exception {
    Files.createSymbolicLink(directory.resolve("a"), directory.resolve("b"));
    Files.createSymbolicLink(directory.resolve("b"), directory.resolve("a"));
    Files.write(directory.resolve("file"), new byte[1]);
    assertThat(refusal(path("none"), READ_ONLY))
        .isEqualTo("Could not open '" + path("none") + "': No such file or directory");
    assertThat(refusal(path("a"), READ_ONLY))
        .isEqualTo("Could not open '" + path("a") + "': Too many levels of symbolic links");
    assertThat(refusal(path("file/x"), READ_ONLY))
        .isEqualTo("Could not open '" + path("file/x") + "': Not a directory");
    assertThat(refusal("x".repeat(300), READ_ONLY)).endsWith("x': File name too long");
    assertThat(refusal("a\0b", READ_ONLY)).endsWith("': No such file or directory");
  }

  @Test
  void refusesWhatIsNoRegularFile() throws Exception {
    String dir = directory.toString();
    assertThat(refusal(dir, READ_WRITE)).isEqualTo("Could not open '" + dir + "': Is a directory");
    assertThat(refusal(dir, READ_ONLY))
        .isEqualTo("'file' driver requires '" + dir + "' to be a regular file");
    assertThat(refusal("/dev/null", READ_WRITE))
        .isEqualTo("'file' driver requires '/dev/null' to be a regular file");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(path("sock")));
      assertThat(refusal(path("sock"), READ_ONLY))
          .isEqualTo("Could not open '" + path("sock") + "': No such device or address");
    }
  }

  @Test
  void aDeviceIsOpenedAsOneOnly() throws Exception {
    Files.write(directory.resolve("file"), new byte[1]);
    assertThat(refusal(path("file"), DEVICE))
        .isEqualTo(
            "'host_device' driver requires '"
                + path("file")
                + "' to be either a character or block device");
    try (HostFile zero = HostFiles.open("/dev/zero", DEVICE)) {
      ByteBuffer into = ByteBuffer.allocateDirect(100).put(0, (byte) 1);
      zero.read(0, into);
      assertThat(into.get(0)).isZero();
    }
  }

  @Test
  void aFullDeviceGivesNoSpace() throws Exception {
    try (HostFile full = HostFiles.open("/dev/full", DEVICE)) {
      BlockException e = failure(() -> full.write(0, ByteBuffer.allocateDirect(512)));
      assertThat(e.errno()).isEqualTo(Errno.ENOSPC);
    }
  }

  @Test
  void aFailedFlushFailsForEver() throws Exception {
    try (HostFile zero = HostFiles.open("/dev/zero", DEVICE)) {
      assertThat(failure(zero::flush).errno()).isEqualTo(Errno.EINVAL);
      assertThat(failure(zero::flush).errno()).isEqualTo(Errno.EINVAL);
    }
  }

  @Test
  void tooFarIsTooLarge() throws Exception {
    HostFiles.create(path("disk"), 4096, Preallocation.OFF);
    try (HostFile file = HostFiles.open(path("disk"), READ_WRITE)) {
      long far = Long.MAX_VALUE - 4096;
      BlockException e = failure(() -> file.write(far, ByteBuffer.allocateDirect(512)));
      assertThat(e.errno()).isEqualTo(Errno.EFBIG);
      assertThat(failure(() -> file.truncate(far)).errno()).isEqualTo(Errno.EFBIG);
      assertThat(file.length()).isEqualTo(4096);
    }
  }

  @Test
  void writingToAReadOnlyFileFails() throws Exception {
    HostFiles.create(path("disk"), 4096, Preallocation.OFF);
    try (HostFile file = HostFiles.open(path("disk"), READ_ONLY)) {
      assertThat(file.writable()).isFalse();
      BlockException e = failure(() -> file.write(0, ByteBuffer.allocateDirect(512)));
      assertThat(e.errno()).isEqualTo(Errno.EBADF);
    }
  }

  @Test
  void aClosedFileTouchesNobodyElses() throws Exception {
    HostFiles.create(path("disk"), 4096, Preallocation.OFF);
    HostFile file = HostFiles.open(path("disk"), READ_WRITE);
    file.close();
    file.close();
    try (HostFile other = HostFiles.open(path("disk"), READ_WRITE)) {
      BlockException e = failure(() -> file.write(0, ByteBuffer.allocateDirect(512)));
      assertThat(e.errno()).isEqualTo(Errno.EBADF);
      assertThat(other.length()).isEqualTo(4096);
    }
  }

  @Test
  void createsAndReserves() throws Exception {
    HostFiles.create(path("off"), 1 << 20, Preallocation.OFF);
    HostFiles.create(path("falloc"), 1 << 20, Preallocation.FALLOC);
    HostFiles.create(path("full"), 3 << 20, Preallocation.FULL);
    HostFiles.create(path("small"), 100, Preallocation.OFF);
    assertThat(allocated("off")).isEqualTo(4096);
    assertThat(allocated("falloc")).isEqualTo(1 << 20);
    assertThat(allocated("full")).isEqualTo(3 << 20);
    assertThat(Files.size(directory.resolve("off"))).isEqualTo(1 << 20);
    assertThat(Files.size(directory.resolve("small"))).isEqualTo(100);
    Files.write(directory.resolve("old"), new byte[] {1, 2, 3});
    HostFiles.create(path("old"), 3, Preallocation.OFF);
    assertThat(Files.readAllBytes(directory.resolve("old"))).containsExactly(0, 0, 0);
  }

  private long allocated(String name) throws Exception {
    try (HostFile file = HostFiles.open(path(name), READ_ONLY)) {
      return file.allocatedBytes();
    }
  }

  @Test
  void creatingSaysWhatFailed() {
    assertThat(failure(() -> HostFiles.create(path("a/b"), 1, Preallocation.OFF)).message())
        .isEqualTo("Could not create '" + path("a/b") + "': No such file or directory");
    assertThat(failure(() -> HostFiles.create("/dev/null", 1, Preallocation.OFF)).message())
        .isEqualTo("Could not resize file: Invalid argument");
    long huge = 1L << 62;
    assertThat(failure(() -> HostFiles.create(path("c"), huge, Preallocation.OFF)).message())
        .isEqualTo("Could not resize file: File too large");
    assertThat(failure(() -> HostFiles.create(path("c"), huge, Preallocation.FALLOC)).message())
        .isEqualTo("Could not preallocate new data: File too large");
  }

  @Test
  void creatingOverAFileInUseChangesNothing() throws Exception {
    HostFiles.create(path("disk"), 4096, Preallocation.FULL);
    try (HostFile file = HostFiles.open(path("disk"), READ_WRITE)) {
      file.locks().prepare(1, 15 & ~2);
      file.locks().commit(1, 15 & ~2);
      BlockException e = failure(() -> HostFiles.create(path("disk"), 8192, Preallocation.OFF));
      assertThat(e.message()).isEqualTo("Failed to get \"write\" lock");
      assertThat(file.length()).isEqualTo(4096);
    }
  }
}
