// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.BlockException;
import org.qblockd.storage.HostFile;
import org.qblockd.storage.HostFiles;
import org.qblockd.storage.HostOpen;
import org.qblockd.storage.ImageLocks;
import org.qblockd.storage.Preallocation;

/** Our image locks and those of the real qemu-img and qemu-io keep each other out. */
final class LockIT {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int RESIZE = 8;
  private static final int ALL = 15;

  /** What a disk of a machine that shares nothing takes. */
  private static final int DISK_USED = READ | WRITE;

  private static final int DISK_SHARED = ALL & ~(WRITE | RESIZE);

  @TempDir Path directory;
  private String image = "";

  private record Outcome(int status, String output) {}

  @BeforeAll
  static void toolsAreInstalled() {
    for (String tool : List.of("qemu-img", "qemu-io")) {
      boolean found =
          Stream.of(System.getenv("PATH").split(":"))
              .anyMatch(d -> Files.isExecutable(Path.of(d, tool)));
      Assumptions.assumeTrue(found, tool + " is not installed");
    }
  }

  @BeforeEach
  void image() throws Exception {
    image = directory.resolve("disk.qcow2").toString();
    assertThat(run("qemu-img", "create", "-q", "-f", "qcow2", image, "1M").status()).isZero();
  }

  private static Outcome run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  /** A qemu-io that keeps the image open until it is closed. */
  private static final class OpenInQemu implements AutoCloseable {
    private final Process process;

    OpenInQemu(String... arguments) throws IOException {
      process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
      awaitPrompt();
    }

    private void awaitPrompt() throws IOException {
      InputStream output = process.getInputStream();
      StringBuilder seen = new StringBuilder();
      for (int c = output.read(); c >= 0; c = output.read()) {
        seen.append((char) c);
        if (seen.toString().endsWith("qemu-io> ")) {
          return;
        }
      }
      throw new IOException("qemu-io ended: " + seen);
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().write("quit\n".getBytes(UTF_8));
      process.getOutputStream().close();
      process.getInputStream().readAllBytes();
      assertThat(process.onExit().join().exitValue()).isZero();
    }
  }

  private HostFile open(int used, int shared) throws BlockException {
    HostFile file = HostFiles.open(image, HostOpen.regular(true));
    try {
      file.locks().prepare(used, shared);
      file.locks().commit(used, shared);
      return file;
    } catch (BlockException e) {
      file.close();
      throw e;
    }
  }

  private static String failure(ThrowingCallable action) {
    BlockException e = catchThrowableOfType(BlockException.class, action);
    assertThat(e).as("nothing was thrown").isNotNull();
    return e.message();
  }

  private void assertRefused(String lock, String... command) throws Exception {
    Outcome outcome = run(command);
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.output())
        .contains("Failed to get " + lock + " lock\n" + ImageLocks.hint(image) + "\n");
  }

  @Test
  void ourWriterKeepsOthersOut() throws Exception {
    try (HostFile file = open(DISK_USED, DISK_SHARED)) {
      assertThat(file.writable()).isTrue();
      assertRefused("\"write\"", "qemu-io", "-c", "write 0 4k", image);
      assertRefused("shared \"write\"", "qemu-img", "info", image);
      assertRefused("shared \"write\"", "qemu-img", "check", image);
      assertThat(run("qemu-img", "info", "-U", image).status()).isZero();
      assertThat(run("qemu-io", "-r", "-U", "-c", "read 0 4k", image).status()).isZero();
    }
    assertThat(run("qemu-io", "-c", "write 0 4k", image).output()).contains("wrote 4096/4096");
  }

  @Test
  void qemuRefusesToCreateOverOurImage() throws Exception {
    HostFiles.create(image, 1 << 20, Preallocation.OFF);
    try (HostFile file = open(DISK_USED, DISK_SHARED)) {
      // Through the file driver alone: for its formats, qemu-img deletes what it could not create.
      assertRefused("\"write\"", "qemu-img", "create", "-q", "-f", "file", image, "2M");
      assertThat(file.length()).isEqualTo(1 << 20);
    }
  }

  @Test
  void ourReaderThatSharesEverythingDisturbsNobody() throws Exception {
    try (HostFile file = open(READ, ALL)) {
      assertThat(file.writable()).isTrue();
      assertThat(run("qemu-io", "-c", "write 0 4k", image).output()).contains("wrote 4096/4096");
    }
  }

  @Test
  void aWriterInQemuKeepsUsOut() throws Exception {
    try (OpenInQemu writer = new OpenInQemu("qemu-io", image)) {
      assertThat(writer.process.isAlive()).isTrue();
      assertThat(failure(() -> open(DISK_USED, DISK_SHARED)))
          .isEqualTo("Failed to get \"write\" lock");
      assertThat(failure(() -> open(READ, ALL & ~WRITE)))
          .isEqualTo("Failed to get shared \"write\" lock");
      long length = Files.size(Path.of(image));
      assertThat(failure(() -> HostFiles.create(image, 1, Preallocation.OFF)))
          .isEqualTo("Failed to get \"write\" lock");
      assertThat(Files.size(Path.of(image))).isEqualTo(length);
      try (HostFile careless = open(READ, ALL)) {
        assertThat(careless.length()).isEqualTo(length);
      }
    }
    assertThatCode(() -> open(DISK_USED, DISK_SHARED).close()).doesNotThrowAnyException();
  }

  @Test
  void aReaderInQemuLetsUsWriteOnlyWhenItShares() throws Exception {
    try (OpenInQemu reader = new OpenInQemu("qemu-io", "-r", image)) {
      assertThat(reader.process.isAlive()).isTrue();
      assertThat(failure(() -> open(DISK_USED, ALL))).isEqualTo("Failed to get \"write\" lock");
    }
    try (OpenInQemu reader = new OpenInQemu("qemu-io", "-r", "-U", image)) {
      assertThat(reader.process.isAlive()).isTrue();
      assertThatCode(() -> open(DISK_USED, DISK_SHARED).close()).doesNotThrowAnyException();
    }
  }
}
