// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Extent;
import org.qblockd.driver.OpenerFixture;

/** The status of every byte of an image in a graph is what {@code qemu-img map} shows. */
class Qcow2MapIT {
  private static final Pattern ENTRY =
      Pattern.compile(
          "\"start\": (\\d+), \"length\": (\\d+), \"depth\": \\d+, \"present\": (\\w+),"
              + " \"zero\": (\\w+), \"data\": (\\w+), \"compressed\": (\\w+)"
              + "(?:, \"offset\": (\\d+))?");

  private record Run(
      long start,
      long length,
      boolean present,
      boolean zero,
      boolean data,
      boolean compressed,
      long offset) {
    boolean continuedBy(Run next) {
      boolean offsetFits = offset < 0 ? next.offset < 0 : next.offset == offset + length;
      return present == next.present
          && zero == next.zero
          && data == next.data
          && compressed == next.compressed
          && offsetFits;
    }

    Run with(Run next) {
      return new Run(start, length + next.length, present, zero, data, compressed, offset);
    }
  }

  @TempDir Path directory;

  @BeforeAll
  static void tools() {
    QemuTools.assumeInstalled();
  }

  @ParameterizedTest
  @CsvSource({
    "cluster_size=64k,false,1",
    "cluster_size=512,false,2",
    "cluster_size=2M,false,3",
    "'cluster_size=64k,preallocation=metadata',false,4",
    "cluster_size=4k,true,5",
    "compat=0.10,true,6",
    "cluster_size=64k,true,7",
    "'compat=0.10',false,8"
  })
  void likeTheReference(String options, boolean backed, int seed) throws Exception {
    Path base = directory.resolve("base.raw");
    Path image = directory.resolve("image.qcow2");
    byte[] below = new byte[3 << 20];
    new Random(seed).nextBytes(below);
    Files.write(base, below);
    List<String> create =
        new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", "qcow2", "-o", options));
    if (backed) {
      create.addAll(List.of("-b", base.toString(), "-F", "raw"));
    }
    create.addAll(List.of(image.toString(), "4M"));
    QemuTools.ok(create.toArray(String[]::new));
    Random random = new Random(seed);
    List<String> io = new ArrayList<>(List.of("qemu-io", "-d", "unmap"));
    for (int i = 0; i < 40; i++) {
      String[] commands = {"write", "write -z", "write -z -u", "discard", "write -c"};
      String command = commands[random.nextInt(5)];
      long offset = (long) random.nextInt(63) << 16;
      io.addAll(List.of("-c", command + " " + offset + " " + (1 + random.nextInt(2)) * 32 + "k"));
    }
    io.add(image.toString());
    QemuTools.Outcome unused = QemuTools.run(io.toArray(String[]::new));
    List<Run> expected = merged(expected(image).stream().map(r -> seen(r, backed)).toList());
    List<Run> actual = merged(actual(image).stream().map(r -> seen(r, backed)).toList());
    assertThat(actual).isEqualTo(expected);
  }

  /** Behind the end of a backing file qemu-img map has its own idea of what is present. */
  private static Run seen(Run run, boolean backed) {
    return new Run(
        run.start,
        run.length,
        backed || run.present,
        run.zero,
        run.data,
        run.compressed,
        run.offset);
  }

  private static List<Run> expected(Path image) throws Exception {
    Matcher matcher =
        ENTRY.matcher(QemuTools.ok("qemu-img", "map", "--output=json", image.toString()));
    List<Run> runs = new ArrayList<>();
    while (matcher.find()) {
      runs.add(
          new Run(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Boolean.parseBoolean(matcher.group(3)),
              Boolean.parseBoolean(matcher.group(4)),
              Boolean.parseBoolean(matcher.group(5)),
              Boolean.parseBoolean(matcher.group(6)),
              matcher.group(7) == null ? -1 : Long.parseLong(matcher.group(7))));
    }
    return merged(runs);
  }

  private static List<Run> actual(Path image) throws Exception {
    try (OpenerFixture fixture = new OpenerFixture()) {
      BlockNode node =
          fixture.add(
              "{'driver':'qcow2','node-name':'n','read-only':true,'file':{'driver':'file',"
                  + "'filename':'"
                  + image
                  + "'}}");
      List<Run> runs = new ArrayList<>();
      long at = 0;
      while (at < node.length()) {
        Extent extent = BlockStatus.above(node, null, at, node.length() - at, true);
        runs.add(
            new Run(
                at,
                extent.length(),
                extent.has(Extent.ALLOCATED),
                extent.has(Extent.ZERO),
                extent.has(Extent.DATA),
                extent.has(Extent.COMPRESSED),
                extent.has(Extent.OFFSET_VALID) ? extent.hostOffset() : -1));
        at += extent.length();
      }
      node.read(0, ByteBuffer.allocate(4096), 0);
      return merged(runs);
    }
  }

  private static List<Run> merged(List<Run> runs) {
    List<Run> merged = new ArrayList<>();
    for (Run run : runs) {
      if (!merged.isEmpty() && merged.getLast().continuedBy(run)) {
        merged.add(merged.removeLast().with(run));
      } else {
        merged.add(run);
      }
    }
    return merged;
  }
}
