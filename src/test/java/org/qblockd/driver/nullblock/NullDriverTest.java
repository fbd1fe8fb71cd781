// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nullblock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Extent;
import org.qblockd.driver.OpenerFixture;

final class NullDriverTest {
  private final OpenerFixture fixture = new OpenerFixture();

  @AfterEach
  void end() {
    fixture.close();
  }

  @Test
  void showsNothingOfWhatABufferHeldBefore() throws Exception {
    BlockNode node = fixture.add("{'driver':'null-co','node-name':'n','size':1000}");
    assertThat(node.length()).isEqualTo(1024);
    ByteBuffer buffer = ByteBuffer.allocate(512);
    Arrays.fill(buffer.array(), (byte) 5);
    node.read(0, buffer, 0);
    assertThat(buffer.array()).containsOnly(0);
  }

  @Test
  void onlyReadZeroesPromisesZeroes() throws Exception {
    BlockNode plain = fixture.add("{'driver':'null-co','node-name':'p'}");
    BlockNode zeroes = fixture.add("{'driver':'null-co','node-name':'z','read-zeroes':true}");
    assertThat(plain.extentAt(0, 512, true).has(Extent.ZERO)).isFalse();
    assertThat(zeroes.extentAt(0, 512, true).has(Extent.ZERO)).isTrue();
  }

  @Test
  void aRequestLastsAsLongAsTheLatency() throws Exception {
    BlockNode node = fixture.add("{'driver':'null-aio','node-name':'n','latency-ns':1000}");
    CompletableFuture<ByteBuffer> read = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              ByteBuffer buffer = ByteBuffer.allocate(512);
              try {
                node.read(0, buffer, 0);
                read.complete(buffer);
              } catch (Exception e) {
                read.completeExceptionally(e);
              }
            });
    while (reader.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(read).isNotDone();
    fixture.clock().advance(1000);
    assertThat(read.get().hasRemaining()).isFalse();
  }
}
