// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;

class BlockGraphTest {
  private static final int WRITER = Permission.CONSISTENT_READ | Permission.WRITE;

  private final GraphFixture fixture = new GraphFixture();
  private final BlockGraph graph = fixture.graph();

  @AfterEach
  void end() {
    fixture.close();
  }

  @Test
  void namesAreChecked() throws Exception {
    fixture.onLane(() -> fixture.memoryNode("a", new MemoryOps(512, Limits.NONE)));
    assertRefused("a", "Duplicate nodes with node-name='a'");
    assertRefused("1a", "Invalid node-name: '1a'");
    assertRefused("a".repeat(32), "Node name too long");
  }

  private void assertRefused(String name, String message) {
    assertThatThrownBy(
            () -> fixture.onLane(() -> graph.createNode(name, "memory", NodeOptions.DEFAULT)))
        .isInstanceOf(BlockException.class)
        .hasMessage(message);
  }

  @Test
  void generatedNamesCount() throws Exception {
    assertThat(fixture.onLane(() -> graph.createNode(null, "d", NodeOptions.DEFAULT).name()))
        .isEqualTo("#block042");
    assertThat(fixture.onLane(() -> graph.createNode(null, "d", NodeOptions.DEFAULT).name()))
        .isEqualTo("#block142");
  }

  @Test
  void twoWritersThatDoNotShareConflict() throws Exception {
    BlockNode node = fixture.onLane(() -> fixture.memoryNode("n", new MemoryOps(512, Limits.NONE)));
    fixture.onLane(() -> fixture.backend("one", node, WRITER, Permission.CONSISTENT_READ));
    assertThatThrownBy(
            () -> fixture.onLane(() -> fixture.backend("two", node, WRITER, Permission.ALL)))
        .hasMessage(
            "Permission conflict on node 'n': permissions 'write' are both required by block device"
                + " 'two' (uses node 'n' as 'root' child) and unshared by block device 'one' (uses"
                + " node 'n' as 'root' child).");
    assertThat(node.parents()).hasSize(1);
  }

  @Test
  void readOnlyNodesRefuseWriters() throws Exception {
    BlockNode node =
        fixture.onLane(() ->
            fixture.memoryNode(
                "n", new MemoryOps(512, Limits.NONE), NodeOptions.DEFAULT.withReadOnly(true)));
    assertThatThrownBy(
            () -> fixture.onLane(() -> fixture.backend("d", node, WRITER, Permission.ALL)))
        .hasMessage("Block node is read-only");
  }

  @Test
  void aFilterTakesTheParentsOverAndBack() throws Exception {
    MemoryOps ops = new MemoryOps(4096, Limits.NONE);
    fixture.onLane(() -> {
      BlockNode node = fixture.memoryNode("n", ops);
      BlockBackend drive = fixture.backend("d", node, WRITER, Permission.ALL);
      BlockNode filter = graph.createNode("f", "filter", NodeOptions.DEFAULT);
      Child file = graph.insertFilter(filter, node, "file", ChildRole.FILTERED | ChildRole.PRIMARY);
      filter.opened(new FilterOps(file) {});
      assertThat(drive.node()).isSameAs(filter);
      drive.write(0, ByteBuffer.wrap(new byte[] {7}), 0);
      assertThat(ops.bytes()[0]).isEqualTo((byte) 7);
      NodeExchange.inAllParents(graph, filter, node);
      assertThat(drive.node()).isSameAs(node);
      graph.closeIfUnused(filter);
      assertThat(graph.node("f")).isNull();
      return node;
    });
  }

  @Test
  void cyclesAreRefused() throws Exception {
    fixture.onLane(() -> {
      BlockNode below = fixture.memoryNode("below", new MemoryOps(512, Limits.NONE));
      BlockNode above = fixture.memoryNode("above", new MemoryOps(512, Limits.NONE));
      graph.attach(above, "file", ChildRole.FILTERED, below, Perms.NONE);
      assertThatThrownBy(() -> graph.attach(below, "backing", ChildRole.COW, above, Perms.NONE))
          .hasMessage("Making 'above' a backing child of 'below' would create a cycle");
      return below;
    });
  }

  @Test
  void drainWaitsForRequestsAndHoldsNewOnesBack() throws Exception {
    MemoryOps ops = new MemoryOps(4096, Limits.NONE);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    BlockNode node = fixture.onLane(() -> fixture.memoryNode("n", ops));
    BlockBackend drive = fixture.onLane(() -> fixture.backend("d", node, WRITER, Permission.ALL));
    ops.setHook((operation, offset, bytes) -> {
      inside.countDown();
      awaitQuietly(release);
    });
    Thread first = Thread.ofVirtual().start(() -> write(drive, (byte) 1));
    inside.await();
    Thread drain =
        Thread.ofPlatform()
            .start(() -> {
              try {
                fixture.onLane(() ->
                    graph.drained(
                        node,
                        () -> {
                          assertThat(ops.bytes()[0]).isEqualTo((byte) 1);
                          return node;
                        }));
              } catch (Exception failure) {
                throw new AssertionError(failure);
              }
            });
    release.countDown();
    drain.join();
    first.join();
    write(drive, (byte) 2);
    assertThat(ops.bytes()[0]).isEqualTo((byte) 2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static void write(BlockBackend drive, byte value) {
    try {
      drive.write(0, ByteBuffer.wrap(new byte[] {value}), 0);
    } catch (BlockException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void closingTheLastUserClosesTheNode() throws Exception {
    MemoryOps ops = new MemoryOps(512, Limits.NONE);
    fixture.onLane(() -> {
      BlockNode node = fixture.memoryNode("n", ops);
      BlockBackend drive = fixture.backend("d", node, WRITER, Permission.ALL);
      node.setMonitorOwned(false);
      drive.close();
      return node;
    });
    assertThat(ops.closed()).isTrue();
    assertThat(graph.node("n")).isNull();
    assertThat(graph.backend("d")).isNull();
  }

  @Test
  void aDrainWaitsForARequestThatIsOnlyAdmitted() throws Exception {
    MemoryOps ops = new MemoryOps(512, Limits.NONE);
    BlockNode node = fixture.onLane(() -> fixture.memoryNode("n", ops));
    BlockBackend backend = fixture.onLane(() -> fixture.backend("b", node, WRITER, Permission.ALL));
    ByteBuffer data = ByteBuffer.allocate(512).put(0, (byte) 7);
    CountDownLatch drained = new CountDownLatch(1);
    AtomicBoolean written = new AtomicBoolean();
    AtomicBoolean writtenWhenDrained = new AtomicBoolean();
    Runnable request =
        fixture.onLane(() ->
            backend.admitted(() -> {
              try {
                backend.write(0, data, 0);
                written.set(true);
              } catch (BlockException failed) {
                throw new IllegalStateException(failed);
              }
            }));
    fixture
        .lane()
        .execute(() -> {
          graph.drainBegin(node);
          writtenWhenDrained.set(written.get());
          drained.countDown();
          graph.drainEnd(node);
        });
    request.run();
    drained.await();
    assertThat(writtenWhenDrained).isTrue();
  }
}
