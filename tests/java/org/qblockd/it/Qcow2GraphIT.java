// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.driver.OpenerFixture;

/** What opening a qcow2 node in a graph does to its file. */
class Qcow2GraphIT {
  @TempDir Path directory;

  @BeforeAll
  static void tools() {
    QemuTools.assumeInstalled();
  }

  private static BlockNode open(OpenerFixture fixture, Path image) throws Exception {
    return fixture.add(
        "{'driver':'qcow2','node-name':'n','discard':'unmap','file':{'driver':'file','filename':'"
            + image
            + "','discard':'unmap'}}");
  }

  @Test
  void aDirtyImageIsRepaired() throws Exception {
    Path image = directory.resolve("image");
    QemuTools.ok(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "lazy_refcounts=on",
        image.toString(),
        "4M");
    QemuTools.Outcome killed =
        QemuTools.run(
            "qemu-io", "-c", "write -P 5 0 900k", "-c", "flush", "-c", "abort", image.toString());
    assertThat(killed.status()).isNotZero();
    try (OpenerFixture fixture = new OpenerFixture()) {
      BlockNode node = open(fixture, image);
      assertThat(fixture.standardError()).anyMatch(line -> line.contains("Repairing cluster "));
      fixture.remove(node);
    }
    QemuTools.checkClean(image);
  }

  @Test
  void autoclearBitsAreCleared() throws Exception {
    Path image = directory.resolve("image");
    QemuTools.ok("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "4M");
    byte[] bytes = Files.readAllBytes(image);
    ByteBuffer.wrap(bytes).putLong(88, 0xf0);
    Files.write(image, bytes);
    try (OpenerFixture fixture = new OpenerFixture()) {
      fixture.remove(open(fixture, image));
    }
    assertThat(ByteBuffer.wrap(Files.readAllBytes(image)).getLong(88)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'l2-cache-size':2,'cache-size':1",
        "'refcount-cache-size':3,'cache-size':2",
        "'l2-cache-size':1,'refcount-cache-size':1,'cache-size':3",
        "'l2-cache-entry-size':100",
        "'l2-cache-entry-size':1000",
        "'l2-cache-entry-size':131072",
        "'cache-clean-interval':99999999999",
        "'lazy-refcounts':true",
        "'discard-no-unref':true"
      })
  void optionsAreRefusedAlike(String option) throws Exception {
    Path image = directory.resolve("image");
    QemuTools.ok(
        "qemu-img", "create", "-q", "-f", "qcow2", "-o", "compat=0.10", image.toString(), "4M");
    String json =
        "{'driver':'qcow2','file':{'driver':'file','filename':'" + image + "'}," + option + "}";
    QemuTools.Outcome real =
        QemuTools.run("qemu-io", "-c", "quit", "json:" + json.replace('\'', '"'));
    try (OpenerFixture fixture = new OpenerFixture()) {
      String refusal =
          fixture.refusal(json.replace("{'driver':'qcow2'", "{'driver':'qcow2','node-name':'n'"));
      assertThat(real.err().strip()).endsWith(": " + refusal);
    }
  }

  /** Space of discarded clusters goes back to the host at the next flush. */
  @Test
  void discardsReachTheFile() throws Exception {
    Path image = directory.resolve("image");
    QemuTools.ok("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "16M");
    try (OpenerFixture fixture = new OpenerFixture()) {
      BlockNode node = open(fixture, image);
      BlockBackend backend = fixture.backend(node);
      ByteBuffer data = ByteBuffer.allocate(8 << 20);
      Arrays.fill(data.array(), (byte) 7);
      node.write(0, data, 0);
      node.flush();
      long full = allocated(image);
      node.discard(0, 8 << 20);
      node.flush();
      assertThat(allocated(image)).isLessThan(full - (7 << 20));
      Object unused =
          fixture.onLane(() -> {
            backend.close();
            return backend;
          });
      fixture.remove(node);
    }
    QemuTools.checkClean(image);
  }

  private static long allocated(Path image) throws Exception {
    return Long.parseLong(QemuTools.ok("stat", "-c", "%b", image.toString()).strip()) * 512;
  }
}
