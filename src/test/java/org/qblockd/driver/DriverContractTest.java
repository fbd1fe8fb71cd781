// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Extent;
import org.qblockd.block.RequestFlags;

/** Every driver that keeps data agrees with an array of bytes, whatever is asked in any order. */
final class DriverContractTest {
  private static final int LENGTH = 256 << 10;
  private static final int LONGEST = 40_000;
  private static final int STEPS = 600;

  enum Stack {
    QCOW2(
        "{'driver':'qcow2','node-name':'n','discard':'unmap',"
            + "'file':{'driver':'file','filename':'%s'}}"),
    FILE("{'driver':'file','node-name':'n','filename':'%s','discard':'unmap'}"),
    RAW(
        "{'driver':'raw','node-name':'n','discard':'unmap',"
            + "'file':{'driver':'file','filename':'%s'}}"),
    RAW_PART(
        "{'driver':'raw','node-name':'n','offset':4096,'size':200704,'discard':'unmap',"
            + "'file':{'driver':'file','filename':'%s'}}"),
    QUORUM(
        "{'driver':'quorum','node-name':'n','vote-threshold':2,'children':["
            + "{'driver':'file','filename':'%1$s'},"
            + "{'driver':'file','filename':'%1$s-2'},"
            + "{'driver':'file','filename':'%1$s-3'}]}"),
    BLKDEBUG(
        "{'driver':'blkdebug','node-name':'n','discard':'unmap',"
            + "'image':{'driver':'file','filename':'%s'}}"),
    NARROW(
        "{'driver':'blkdebug','node-name':'n','discard':'unmap','align':4096,'max-transfer':8192,"
            + "'opt-write-zero':8192,'max-write-zero':16384,'opt-discard':8192,"
            + "'max-discard':16384,'image':{'driver':'file','filename':'%s'}}");

    private final String json;

    Stack(String json) {
      this.json = json;
    }
  }

  @TempDir Path directory;
  private final OpenerFixture fixture = new OpenerFixture();
  private byte[] model = new byte[0];

  @AfterEach
  void end() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithAModel(Stack stack) throws Exception {
    Path file = disk(stack);
    BlockNode node = fixture.add(stack.json.formatted(file));
    BlockBackend backend = fixture.backend(node);
    model = new byte[(int) node.length()];
    Random random = new Random(4711);
    for (int step = 0; step < STEPS; step++) {
      int offset = random.nextInt(model.length);
      int bytes = random.nextInt(Math.min(LONGEST, model.length - offset)) + 1;
      act(random, backend, offset, bytes);
    }
    backend.flush();
    verify(backend, 0, model.length);
    verifyStatus(node);
  }

  private Path disk(Stack stack) throws Exception {
    Path file = directory.resolve("disk");
    if (stack == Stack.QUORUM) {
      Files.write(directory.resolve("disk-2"), new byte[LENGTH]);
      Files.write(directory.resolve("disk-3"), new byte[LENGTH]);
    }
    if (stack != Stack.QCOW2) {
      return Files.write(file, new byte[LENGTH]);
    }
    ImageCreator creator = new ImageCreator(fixture.opener(), line -> {});
    return fixture.onLane(() -> {
      creator.create(new ImageCreator.NewImage(file.toString(), "qcow2", LENGTH, null, null));
      return file;
    });
  }

  private void act(Random random, BlockBackend backend, int offset, int bytes) throws Exception {
    switch (random.nextInt(5)) {
      case 0 -> {
        byte[] data = new byte[bytes];
        random.nextBytes(data);
        System.arraycopy(data, 0, model, offset, bytes);
        backend.write(offset, ByteBuffer.wrap(data), random.nextBoolean() ? RequestFlags.FUA : 0);
      }
      case 1 -> {
        Arrays.fill(model, offset, offset + bytes, (byte) 0);
        backend.writeZeroes(offset, bytes, random.nextBoolean() ? RequestFlags.MAY_UNMAP : 0);
      }
      case 2 -> discard(backend, offset, bytes);
      case 3 -> backend.flush();
      default -> verify(backend, offset, bytes);
    }
  }

  /** Discarded bytes are either as before or zero; the model learns which. */
  private void discard(BlockBackend backend, int offset, int bytes) throws Exception {
    backend.discard(offset, bytes);
    ByteBuffer now = ByteBuffer.allocate(bytes);
    backend.read(offset, now, 0);
    for (int i = 0; i < bytes; i++) {
      assertThat(now.get(i)).isIn(model[offset + i], (byte) 0);
      model[offset + i] = now.get(i);
    }
  }

  private void verify(BlockBackend backend, int offset, int bytes) throws Exception {
    ByteBuffer read = ByteBuffer.allocate(bytes);
    backend.read(offset, read, 0);
    assertThat(read.hasRemaining()).isFalse();
    assertThat(read.array()).isEqualTo(Arrays.copyOfRange(model, offset, offset + bytes));
  }

  private void verifyStatus(BlockNode node) throws Exception {
    long at = 0;
    while (at < model.length) {
      Extent extent = node.extentAt(at, model.length - at, true);
      assertThat(extent.length()).isPositive();
      if (extent.has(Extent.ZERO)) {
        for (long i = at; i < at + extent.length(); i++) {
          assertThat(model[(int) i]).isZero();
        }
      }
      at += extent.length();
    }
    assertThat(at).isEqualTo(model.length);
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE", "RAW", "BLKDEBUG"})
  void changesItsLength(Stack stack) throws Exception {
    Path file = Files.write(directory.resolve("disk"), new byte[4096]);
    BlockNode node = fixture.add(stack.json.formatted(file));
    BlockBackend backend = fixture.backend(node);
    backend.write(0, ByteBuffer.wrap(filled(4096)), 0);
    for (String preallocation : new String[] {"off", "falloc", "full"}) {
      long length = node.length() + 8192;
      fixture.<Object>onLane(() -> {
        node.resize(length, true, preallocation, false);
        return node;
      });
      assertThat(node.length()).isEqualTo(length);
      assertThat(Files.size(file)).isEqualTo(length);
      ByteBuffer tail = ByteBuffer.allocate(8192);
      backend.read(length - 8192, tail, 0);
      assertThat(tail.array()).containsOnly(0);
    }
    model = filled(4096);
    verify(backend, 0, 4096);
  }

  private static byte[] filled(int bytes) {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) 7);
    return data;
  }
}
