// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.qblockd.base.BlockException;
import org.qblockd.driver.qcow2.BackingSource;
import org.qblockd.driver.qcow2.CorruptionListener;
import org.qblockd.driver.qcow2.OpenOptions;
import org.qblockd.driver.qcow2.Qcow2Image;

/** Damaged images: the same sentences as the real qemu-io. */
class Qcow2DamageIT {
  private static final String OPENING = "qemu-io: can't open device ";

  /** Field position, width in bytes, value in hexadecimal. */
  private static final String HEADER_FIELDS =
      """
      0,4,514649fc 4,4,1 4,4,4 4,4,ffffffff 20,4,8 20,4,16 20,4,0 20,4,ffffffff 100,4,64
      100,4,67 100,4,10001 100,4,ffffffff 8,8,10001 8,8,ffffffffffffff00 32,4,2 32,4,3
      96,4,7 96,4,ffffffff 56,4,0 56,4,81 56,4,ffffffff 48,8,10001 48,8,ffffffffffff0000
      36,4,0 36,4,400001 36,4,ffffffff 40,8,30001 40,8,ffffffffffff0000
      24,8,4000000000000000 24,8,ffffffffffffffff 24,8,100000000000000
      24,8,8000000000000000 60,4,10001 60,4,ffffffff 64,8,1 72,8,2 72,8,4 72,8,8 72,8,20
      72,8,c000000000000000 72,8,21 88,8,2 104,1,1 104,1,2 24,8,3e8 100,4,69 80,8,ff 48,8,0
      40,8,10000000 112,8,e2792aca00000010 112,8,1234567800100000 112,8,537be7700000010
      112,8,2385287500000017
      """;

  @TempDir Path directory;

  static Stream<Arguments> headerFields() {
    return Stream.of(HEADER_FIELDS.split("\\s+"))
        .map(field -> field.split(","))
        .map(f -> Arguments.of(Integer.parseInt(f[0]), Integer.parseInt(f[1]), f[2]));
  }

  @BeforeAll
  static void tools() {
    QemuTools.assumeInstalled();
  }

  private byte[] sample(String options) throws IOException {
    Path path = directory.resolve("good");
    QemuTools.ok("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, path.toString(), "1M");
    QemuTools.ok("qemu-io", "-c", "write -P 1 0 128k", "-c", "write -z 128k 64k", path.toString());
    return Files.readAllBytes(path);
  }

  @ParameterizedTest
  @MethodSource("headerFields")
  void headersAreJudgedAlike(int at, int width, String hex) throws Exception {
    byte[] image = sample("compat=1.1");
    ByteBuffer value = ByteBuffer.allocate(8).putLong(0, Long.parseUnsignedLong(hex, 16));
    System.arraycopy(value.array(), 8 - width, image, at, width);
    compareOpening(image);
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "4", "40", "72", "103", "104", "111", "65536"})
  void shortFilesAreJudgedAlike(int length) throws Exception {
    compareOpening(Arrays.copyOf(sample("compat=1.1"), length));
  }

  @Test
  void featureNamesAreUsed() throws Exception {
    for (long features : new long[] {1L << 63, 7L << 61, 1 << 5, 33}) {
      byte[] image = sample("compat=1.1");
      ByteBuffer header = ByteBuffer.wrap(image);
      header.putLong(72, features);
      header.put(120, (byte) 0).put(121, (byte) 63);
      header.put(168, (byte) 0).put(169, (byte) 61);
      header.put(216, (byte) 0).put(217, (byte) 63);
      compareOpening(image);
    }
  }

  private void compareOpening(byte[] image) throws Exception {
    for (boolean readOnly : new boolean[] {true, false}) {
      Path path = directory.resolve("bad");
      Files.write(path, image);
      List<String> command = new ArrayList<>(List.of("qemu-io", "-f", "qcow2", "-c", "length"));
      if (readOnly) {
        command.add("-r");
      }
      command.add(path.toString());
      QemuTools.Outcome real = QemuTools.run(command.toArray(String[]::new));
      Files.write(path, image);
      String expected =
          real.status() == 0 ? "" : real.err().strip().substring((OPENING + path + ": ").length());
      assertThat(openingError(path, readOnly)).as("read-only " + readOnly).isEqualTo(expected);
    }
  }

  private static String openingError(Path path, boolean readOnly) throws BlockException {
    try (HostImage file = HostImage.open(path, !readOnly)) {
      Qcow2Image image =
          Qcow2Image.open(
              file,
              BackingSource.NONE,
              OpenOptions.DEFAULT.withReadOnly(readOnly),
              CorruptionListener.SILENT);
      image.close();
      return "";
    } catch (BlockException refused) {
      return refused.message();
    }
  }

  // ---- damage found in use --------------------------------------------------------------------

  /** Position and value of eight damaged bytes, then what is done: the same lines, the same end. */
  @ParameterizedTest
  @CsvSource({
    "30000,8000000000042a00,read",
    "30000,8000000000042a00,write",
    "40000,8000000000052a00,read",
    "40000,8000000000052a01,read",
    "40000,8000000000052a01,write",
    "40000,8000000000000000,write",
    "40000,8000000000030000,write",
    "40000,8000000000010000,write",
    "40000,8000000000020000,write",
    "40000,8000000000040000,write",
    "40000,8000000000052a00,discard",
    "10000,22a00,allocate",
    "20000,1000100010000,allocate",
    "20000,0,allocate"
  })
  void damageIsReportedAlike(String at, String value, String action) throws Exception {
    byte[] image = sample("compat=1.1");
    ByteBuffer.wrap(image).putLong(Integer.parseInt(at, 16), Long.parseUnsignedLong(value, 16));
    Path path = directory.resolve("bad");
    Files.write(path, image);
    String command =
        switch (action) {
          case "read" -> "read 0 512";
          case "write" -> "write 0 512";
          case "discard" -> "discard 0 64k";
          default -> "write 512k 64k";
        };
    QemuTools.Outcome real =
        QemuTools.run("qemu-io", "-d", "unmap", "-f", "qcow2", "-c", command, path.toString());
    long theirMark = ByteBuffer.wrap(Files.readAllBytes(path)).getLong(72);
    Files.write(path, image);
    List<String> lines = act(path, action);
    List<String> expected =
        (real.err() + real.out()).lines().filter(line -> line.startsWith("qcow2: ")).toList();
    assertThat(lines).isEqualTo(expected);
    assertThat(ByteBuffer.wrap(Files.readAllBytes(path)).getLong(72)).isEqualTo(theirMark);
  }

  private static List<String> act(Path path, String action) throws BlockException {
    List<String> lines = new ArrayList<>();
    CorruptionListener listener =
        new CorruptionListener() {
          @Override
          public void imageCorrupted(String message, long offset, long size, boolean fatal) {}

          @Override
          public void report(String line) {
            lines.add(line);
          }

          @Override
          public void error(String sentence) {
            lines.add(sentence);
          }

          @Override
          public void warn(String sentence) {
            lines.add(sentence);
          }
        };
    try (HostImage file = HostImage.open(path, true)) {
      Qcow2Image image = Qcow2Image.open(file, BackingSource.NONE, OpenOptions.DEFAULT, listener);
      try {
        switch (action) {
          case "read" -> image.read(0, ByteBuffer.allocate(512));
          case "write" -> image.write(0, ByteBuffer.allocate(512));
          case "discard" -> image.discard(0, 65536);
          default -> image.write(512 << 10, ByteBuffer.allocate(65536));
        }
      } catch (BlockException failed) {
        assertThat(failed.message()).isEqualTo("Input/output error");
      }
      image.close();
    }
    return lines;
  }
}
