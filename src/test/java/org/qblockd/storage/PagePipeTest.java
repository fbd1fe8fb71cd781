// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.Pages;

final class PagePipeTest {
  private static final int LENGTH = 300_000;

  @TempDir Path directory;

  private Path file(byte[] content) throws IOException {
    return Files.write(directory.resolve("disk"), content);
  }

  private static byte[] random() {
    byte[] content = new byte[LENGTH];
    new Random(1).nextBytes(content);
    return content;
  }

  /** A pipe can take the end of a splice as a socket can. */
  private static byte[] sent(Pages pages, Path to) throws Exception {
    int bytes = pages.bytes();
    long ends = Native.pipe();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try (FileChannel in = FileChannel.open(Path.of("/proc/self/fd/" + (int) ends));
                  FileChannel out =
                      FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                ByteBuffer piece = ByteBuffer.allocate(1 << 16);
                for (int left = bytes; left > 0; ) {
                  int read = in.read(piece.clear());
                  left -= read;
                  out.write(piece.flip());
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    pages.sendTo((int) (ends >>> 32));
    reader.join();
    assertThat(Native.close((int) ends)).isZero();
    assertThat(Native.close((int) (ends >>> 32))).isZero();
    return Files.readAllBytes(to);
  }

  @Test
  void givesTheBytesOfTheFileAtOddPlaces() throws Exception {
    byte[] content = random();
    try (HostFile file = HostFiles.open(file(content).toString(), HostOpen.regular(false));
        Pages pages = file.pages(1001, 200_003)) {
      assertThat(pages).isNotNull();
      assertThat(pages.bytes()).isEqualTo(200_003);
      byte[] came = sent(pages, directory.resolve("came"));
      assertThat(ByteBuffer.wrap(came)).isEqualTo(ByteBuffer.wrap(content, 1001, 200_003));
      assertThat(pages.bytes()).isZero();
    }
  }

  @Test
  void endsWithTheFileAndKnowsNothingBehindIt() throws Exception {
    try (HostFile file = HostFiles.open(file(random()).toString(), HostOpen.regular(false))) {
      try (Pages pages = file.pages(LENGTH - 10, 4096)) {
        assertThat(pages).isNotNull();
        assertThat(pages.bytes()).isEqualTo(10);
      }
      assertThat(file.pages(LENGTH, 4096)).isNull();
    }
  }

  @Test
  void whoGetsNoPipeHasToRead() throws Exception {
    List<Pages> all = new ArrayList<>();
    try (HostFile file = HostFiles.open(file(random()).toString(), HostOpen.regular(false))) {
      for (int i = 0; i < PagePipe.MOST; i++) {
        all.add(file.pages(0, 4096));
      }
      assertThat(all).doesNotContainNull();
      assertThat(file.pages(0, 4096)).isNull();
      all.forEach(Pages::close);
      try (Pages again = file.pages(0, 4096)) {
        assertThat(again).isNotNull();
      }
    }
  }

  @Test
  void aPeerThatHasGoneIsAnError() throws Exception {
    try (HostFile file = HostFiles.open(file(random()).toString(), HostOpen.regular(false));
        Pages pages = file.pages(0, 4096)) {
      assertThat(pages).isNotNull();
      long ends = Native.pipe();
      assertThat(Native.close((int) ends)).isZero();
      assertThatThrownBy(() -> pages.sendTo((int) (ends >>> 32))).isInstanceOf(IOException.class);
      assertThat(Native.close((int) (ends >>> 32))).isZero();
    }
  }
}
