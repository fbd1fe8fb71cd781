// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Breakpoints;
import org.qblockd.block.DebugEvents;
import org.qblockd.driver.OpenerFixture;
import org.qblockd.qapi.types.BlkdebugEvent;
import org.qblockd.qapi.types.BlkdebugIOType;

final class BlkdebugTest {
  private final OpenerFixture fixture = new OpenerFixture();

  @AfterEach
  void end() {
    fixture.close();
  }

  private BlockNode node(String more) throws Exception {
    return fixture.add(
        "{'driver':'blkdebug','node-name':'n','image':{'driver':'null-co','size':65536}"
            + more
            + "}");
  }

  private static void read(BlockNode node, long offset) throws BlockException {
    node.read(offset, ByteBuffer.allocate(512), 0);
  }

  private static void fails(ThrowingCallable request, Errno errno) {
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(BlockException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  @Test
  void errorsBeginWithTheirEventAndHitTheirSector() throws Exception {
    BlockNode node = node(",'inject-error':[{'event':'l2_load','sector':2,'errno':28}]");
    read(node, 1024);
    DebugEvents events = node.capability(DebugEvents.class);
    assertThat(events).isNotNull();
    events.event("l2_load");
    read(node, 0);
    fails(() -> read(node, 1024), Errno.ENOSPC);
    fails(() -> read(node, 1024), Errno.ENOSPC);
  }

  @Test
  void anErrorOnceIsGoneAfterwards() throws Exception {
    BlockNode node = node(",'inject-error':[{'event':'none','once':true,'iotype':'read'}]");
    node.flush();
    fails(() -> read(node, 0), Errno.EIO);
    read(node, 0);
  }

  @Test
  void statesChooseTheRules() throws Exception {
    RuleBook rules =
        new RuleBook(
            List.of(
                new Rule.SetState(BlkdebugEvent.L2_LOAD, 1, 2),
                new Rule.InjectError(
                    BlkdebugEvent.READ_AIO, 2, Rule.USUAL_TYPES, 5, Rule.ANY_SECTOR, false)),
            line -> {});
    rules.event("read_aio");
    rules.check(BlkdebugIOType.READ, 0, 512);
    rules.event("l2_load");
    rules.check(BlkdebugIOType.READ, 0, 512);
    rules.event("read_aio");
    fails(() -> rules.check(BlkdebugIOType.READ, 0, 512), Errno.EIO);
  }

  @Test
  void statusIsOnlyHitWhenItIsNamed() throws Exception {
    assertThat(Rule.USUAL_TYPES).doesNotContain(BlkdebugIOType.BLOCK_STATUS);
    RuleBook rules =
        new RuleBook(
            List.of(
                new Rule.InjectError(
                    BlkdebugEvent.NONE,
                    0,
                    Set.of(BlkdebugIOType.BLOCK_STATUS),
                    5,
                    Rule.ANY_SECTOR,
                    false)),
            line -> {});
    rules.event("none");
    rules.check(BlkdebugIOType.READ, 0, 512);
    fails(() -> rules.check(BlkdebugIOType.BLOCK_STATUS, 0, 512), Errno.EIO);
  }

  @Test
  void aBreakpointStopsOneRequestUntilItIsResumed() throws Exception {
    BlockNode node = node("");
    Breakpoints breakpoints = node.capability(Breakpoints.class);
    assertThat(breakpoints).isNotNull();
    BlockNode above = fixture.add("{'driver':'raw','node-name':'r','file':'n'}");
    BlockBackend backend = fixture.backend(above);
    breakpoints.breakAt("write_aio", "A");
    CompletableFuture<Boolean> write = startWrite(backend);
    while (!breakpoints.isSuspended("A")) {
      Thread.onSpinWait();
    }
    assertThat(write).isNotDone();
    breakpoints.resume("A");
    assertThat(write.get()).isTrue();
    assertThat(startWrite(backend).get()).isTrue();
    fails(() -> breakpoints.resume("A"), Errno.ENOENT);
    fails(() -> breakpoints.removeBreak("A"), Errno.ENOENT);
    fails(() -> breakpoints.breakAt("nonsense", "A"), Errno.ENOENT);
  }

  @Test
  void removingABreakpointResumesWhatItStopped() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    RuleBook rules = new RuleBook(List.of(), lines::add);
    CountDownLatch stopped = new CountDownLatch(1);
    rules.onStop(stopped::countDown);
    rules.breakAt("cow_read", "B");
    Thread request = Thread.ofVirtual().start(() -> rules.event("cow_read"));
    stopped.await();
    fails(() -> rules.removeBreak("B"), Errno.ENOENT);
    request.join();
    assertThat(lines)
        .containsExactly("blkdebug: Suspended request 'B'", "blkdebug: Resuming request 'B'");
    assertThat(rules.isSuspended("B")).isFalse();
  }

  private static CompletableFuture<Boolean> startWrite(BlockBackend backend) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread unused =
        Thread.ofVirtual()
            .start(() -> {
              try {
                backend.write(0, ByteBuffer.allocate(512), 0);
                done.complete(true);
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  @Test
  void configFilesAreReadAsQemuReadsThem() throws Exception {
    List<String> lines =
        List.of("# comment", "", "[inject-error]", "event = \"read_aio\"", "  errno=\"5\" x");
    assertThat(ConfigFile.parse(lines, Set.of("inject-error")).getFirst().options().text("errno"))
        .isEqualTo("5");
    assertThatThrownBy(() -> ConfigFile.parse(List.of("[bogus]"), Set.of("x")))
        .hasMessage("There is no option group 'bogus'");
    assertThatThrownBy(() -> ConfigFile.parse(List.of("a = \"b\""), Set.of()))
        .hasMessage("no group defined");
  }

  @Test
  void flatRulesAreRefusedInQemusWords() throws Exception {
    assertThat(refusal("inject-error.0.errno=5")).isEqualTo("Missing event name for rule");
    assertThat(refusal("inject-error.0.event=x")).isEqualTo("invalid parameter value: x");
    assertThat(refusal("inject-error.0.x=1"))
        .isEqualTo("[inject-error] section doesn't support the option 'x'");
    assertThat(refusal("set-state.0.new_state=x"))
        .isEqualTo("Parameter 'new_state' expects a number");
  }

  private String refusal(String option) throws Exception {
    return fixture.driveRefusal("driver=blkdebug", "image.driver=null-co", option);
  }
}
