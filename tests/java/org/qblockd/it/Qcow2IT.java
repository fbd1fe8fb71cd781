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
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qblockd.base.BlockException;
import org.qblockd.driver.qcow2.BackingSource;
import org.qblockd.driver.qcow2.CorruptionListener;
import org.qblockd.driver.qcow2.OpenOptions;
import org.qblockd.driver.qcow2.Qcow2Creator;
import org.qblockd.driver.qcow2.Qcow2Image;

/** Images of qblockd under the real tools, and images of the real tools under qblockd. */
class Qcow2IT {
  @TempDir Path directory;

  @BeforeAll
  static void tools() {
    QemuTools.assumeInstalled();
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private static Qcow2Image open(HostImage file) throws BlockException {
    return open(file, BackingSource.NONE, OpenOptions.DEFAULT);
  }

  private static Qcow2Image open(HostImage file, BackingSource backing, OpenOptions options)
      throws BlockException {
    return Qcow2Image.open(file, backing, options, CorruptionListener.SILENT);
  }

  private Path create(String name, Qcow2Creator.Options options)
      throws BlockException, IOException {
    Path path = path(name);
    Files.write(path, new byte[0]);
    try (HostImage file = HostImage.open(path, true)) {
      Qcow2Creator.create(file, options);
    }
    return path;
  }

  @ParameterizedTest
  @CsvSource({
    "67108864,3,65536,16,off",
    "0,3,65536,16,off",
    "512,3,512,16,off",
    "8388608,3,512,16,off",
    "67108864,2,65536,16,off",
    "10737418240,3,4096,16,off",
    "1099511627776,3,65536,16,off",
    "67108864,3,2097152,64,off",
    "67108864,3,65536,1,off",
    "5000192,3,1024,8,off",
    "67108864,2,512,16,off"
  })
  void newImagesAreByteForByteThoseOfTheReference(
      long size, int version, int clusterSize, int refcountBits, String preallocation)
      throws Exception {
    Qcow2Creator.Options options =
        Qcow2Creator.Options.of(size)
            .withLayout(version, clusterSize, refcountBits)
            .withPreallocation(preallocation);
    Path ours = create("ours", options);
    Path theirs = path("theirs");
    String compat = version == 3 ? "1.1" : "0.10";
    QemuTools.ok(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "compat="
            + compat
            + ",cluster_size="
            + clusterSize
            + ",refcount_bits="
            + refcountBits
            + ",preallocation="
            + preallocation,
        theirs.toString(),
        Long.toString(size));
    assertThat(Files.mismatch(ours, theirs)).isEqualTo(-1);
  }

  @Test
  void newOverlaysAreByteForByteThoseOfTheReference() throws Exception {
    for (int version : new int[] {2, 3}) {
      Path ours =
          create(
              "ours" + version,
              Qcow2Creator.Options.of(1 << 20)
                  .withLayout(version, 65536, 16)
                  .withBacking("base.raw", "raw"));
      Path theirs = path("theirs" + version);
      QemuTools.ok(
          "qemu-img",
          "create",
          "-q",
          "-u",
          "-f",
          "qcow2",
          "-o",
          "compat=" + (version == 3 ? "1.1" : "0.10"),
          "-b",
          "base.raw",
          "-F",
          "raw",
          theirs.toString(),
          "1M");
      assertThat(Files.mismatch(ours, theirs)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"metadata", "falloc", "full"})
  void preallocatedImagesAreClean(String preallocation) throws Exception {
    Path ours = create("ours", Qcow2Creator.Options.of(9 << 20).withPreallocation(preallocation));
    QemuTools.checkClean(ours);
    String map = QemuTools.ok("qemu-img", "map", "--output=json", ours.toString());
    assertThat(map).contains("\"present\": true").doesNotContain("\"present\": false");
    Path theirs = path("theirs");
    QemuTools.ok(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "preallocation=" + preallocation,
        theirs.toString(),
        "9M");
    assertThat(Files.size(ours)).isEqualTo(Files.size(theirs));
  }

  @ParameterizedTest
  @CsvSource({
    "3,512,16,1",
    "3,512,64,2",
    "3,4096,1,3",
    "3,65536,16,4",
    "3,65536,64,5",
    "3,2097152,32,6",
    "2,512,16,7",
    "2,65536,16,8"
  })
  void randomWritesAreSoundAndReadBackByTheReference(
      int version, int clusterSize, int refcountBits, long seed) throws Exception {
    int size = clusterSize > 65536 ? 12 << 20 : Math.max(40 * clusterSize, 1 << 20) + 512;
    Path image =
        create(
            "image", Qcow2Creator.Options.of(size).withLayout(version, clusterSize, refcountBits));
    byte[] model = new byte[size];
    Random random = new Random(seed);
    try (HostImage file = HostImage.open(image, true)) {
      Qcow2Image qcow2 = open(file);
      for (int round = 0; round < 300; round++) {
        RandomRequests.one(random, qcow2, model, clusterSize);
        if (round % 50 == 49) {
          qcow2.flush();
          QemuTools.checkSound(image);
        }
      }
      qcow2.close();
    }
    QemuTools.checkClean(image);
    Path raw = path("model.raw");
    Files.write(raw, model);
    QemuTools.ok(
        "qemu-img", "compare", "-f", "qcow2", "-F", "raw", image.toString(), raw.toString());
  }

  @Test
  void snapshotsKeepWhatTheyHave() throws Exception {
    Path image = path("image");
    QemuTools.ok("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "4M");
    QemuTools.ok(
        "qemu-io", "-c", "write -P 1 0 1M", "-c", "write -c -P 2 1M 64k", image.toString());
    QemuTools.ok("qemu-img", "snapshot", "-c", "first", image.toString());
    byte[] before = content(image, null);
    byte[] model = before.clone();
    Random random = new Random(5);
    try (HostImage file = HostImage.open(image, true)) {
      Qcow2Image qcow2 = open(file);
      assertThat(qcow2.snapshots()).singleElement().extracting(s -> s.name()).isEqualTo("first");
      for (int i = 0; i < 100; i++) {
        RandomRequests.one(random, qcow2, model, 65536);
      }
      qcow2.close();
    }
    QemuTools.checkClean(image);
    assertThat(content(image, null)).isEqualTo(model);
    assertThat(content(image, "first")).isEqualTo(before);
    QemuTools.ok("qemu-img", "snapshot", "-a", "first", image.toString());
    QemuTools.ok("qemu-img", "snapshot", "-d", "first", image.toString());
    QemuTools.checkClean(image);
    assertThat(content(image, null)).isEqualTo(before);
  }

  private byte[] content(Path image, @Nullable String snapshot) throws IOException {
    Path raw = path("content.raw");
    List<String> command = new ArrayList<>(List.of("qemu-img", "convert", "-O", "raw"));
    if (snapshot != null) {
      command.addAll(List.of("-l", snapshot));
    }
    command.addAll(List.of(image.toString(), raw.toString()));
    QemuTools.ok(command.toArray(String[]::new));
    return Files.readAllBytes(raw);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compat=1.1",
        "compat=0.10",
        "cluster_size=512",
        "cluster_size=2M",
        "refcount_bits=64",
        "compression_type=zstd",
        "compression_type=zstd,cluster_size=4k",
        "lazy_refcounts=on"
      })
  void imagesOfTheReferenceAreReadAndWritten(String options) throws Exception {
    Path image = path("image");
    QemuTools.ok("qemu-img", "create", "-q", "-f", "qcow2", "-o", options, image.toString(), "8M");
    List<String> io = new ArrayList<>(List.of("qemu-io", "-d", "unmap"));
    for (String command :
        List.of(
            "write -P 1 3k 200k",
            "write -c -P 7 4M 128k",
            "write -P 9 5000k 7k",
            "discard 64k 64k",
            "write -P 3 7M 1M",
            "write -z 7M 128k",
            "write -c -P 8 6M 2M")) {
      io.addAll(List.of("-c", command));
    }
    io.add(image.toString());
    QemuTools.run(io.toArray(String[]::new));
    byte[] model = content(image, null);
    try (HostImage file = HostImage.open(image, true)) {
      Qcow2Image qcow2 = open(file);
      byte[] data = new byte[8 << 20];
      qcow2.read(0, ByteBuffer.wrap(data));
      assertThat(data).isEqualTo(model);
      Random random = new Random(options.hashCode());
      int clusterSize = clusterSize(options);
      for (int i = 0; i < 60; i++) {
        RandomRequests.one(random, qcow2, model, clusterSize);
      }
      qcow2.close();
    }
    QemuTools.checkClean(image);
    assertThat(content(image, null)).isEqualTo(model);
  }

  private static int clusterSize(String options) {
    Matcher size = Pattern.compile("cluster_size=(.*)").matcher(options);
    return switch (size.find() ? size.group(1) : "") {
      case "512" -> 512;
      case "4k" -> 4096;
      case "2M" -> 2 << 20;
      default -> 65536;
    };
  }

  @Test
  void resizedImagesAreClean() throws Exception {
    for (int clusterSize : new int[] {512, 65536}) {
      Path image =
          create(
              "image" + clusterSize,
              Qcow2Creator.Options.of(1 << 20).withLayout(3, clusterSize, 16));
      byte[] data = new byte[1 << 20];
      new Random(1).nextBytes(data);
      byte[] model = Arrays.copyOf(data, 300 * 512);
      model = Arrays.copyOf(model, 3 << 20);
      try (HostImage file = HostImage.open(image, true)) {
        Qcow2Image qcow2 = open(file);
        qcow2.write(0, ByteBuffer.wrap(data));
        qcow2.resize(300 * 512, "off", false);
        qcow2.resize(2 << 20, "off", true);
        qcow2.resize(3 << 20, "metadata", true);
        qcow2.write((2 << 20) + 100, ByteBuffer.wrap(data, 0, 5000));
        System.arraycopy(data, 0, model, (2 << 20) + 100, 5000);
        qcow2.close();
      }
      QemuTools.checkClean(image);
      assertThat(content(image, null)).isEqualTo(model);
    }
  }

  @Test
  void aDirtyImageOfTheReferenceIsRepairedWhenItIsOpened() throws Exception {
    Path image = path("image");
    QemuTools.ok(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "lazy_refcounts=on,cluster_size=512",
        image.toString(),
        "4M");
    QemuTools.run(
        "qemu-io", "-c", "write -P 5 0 900k", "-c", "flush", "-c", "abort", image.toString());
    assertThat(QemuTools.run("qemu-img", "check", image.toString()).status()).isNotZero();
    byte[] before = content(image, null);
    List<String> lines = new ArrayList<>();
    try (HostImage file = HostImage.open(image, true)) {
      Qcow2Image qcow2 =
          Qcow2Image.open(file, BackingSource.NONE, OpenOptions.DEFAULT, listener(lines));
      qcow2.close();
    }
    assertThat(lines)
        .isNotEmpty()
        .allMatch(line -> line.matches("(ERROR|Repairing) cluster .*|Rebuilding refcount .*"));
    QemuTools.checkClean(image);
    assertThat(content(image, null)).isEqualTo(before);
  }

  private static CorruptionListener listener(List<String> lines) {
    return new CorruptionListener() {
      @Override
      public void imageCorrupted(String message, long offset, long size, boolean fatal) {
        lines.add("event " + message + " " + offset + " " + size + " " + fatal);
      }

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
  }
}
