// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Activation;
import org.qblockd.machine.RunStates;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.MigrationAddress;
import org.qblockd.qapi.types.MigrationCapability;
import org.qblockd.qapi.types.MigrationInfo;
import org.qblockd.qapi.types.MigrationStats;
import org.qblockd.qapi.types.MigrationStatus;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.storage.Descriptors;

/**
 * One attempt to move the machine to another server. A thread of its own talks to the target, and
 * does everything that changes this server in steps on the control lane, as do the commands.
 *
 * <p>The target takes over only when it is told to, and it is told only after this side has made up
 * its mind: so never do both run, whatever is lost on the way.
 */
final class Outgoing {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long PAGE_BYTES = 4096;

  private final Migration migration;
  private final Migration.Parts parts;
  private final MigrationAddress address;
  private final Activation activation;
  private final CompletableFuture<Boolean> continued = new CompletableFuture<>();

  /** Where COLO is gone on with, for the connection of COLO. */
  private volatile @Nullable MigrationStream stream;

  private MigrationStatus status = MigrationStatus.NONE;
  private @Nullable String error;
  private @Nullable RunState before;
  private boolean inactivated;
  private boolean decided;
  private List<SentBitmap> bitmaps = List.of();
  private final long startNanos;
  private long stopNanos;
  private long totalMillis;
  private long downtimeMillis;
  private long passes;

  Outgoing(Migration migration, MigrationAddress address) {
    this.migration = migration;
    this.parts = migration.parts();
    this.address = address;
    this.activation = new Activation(parts.graph());
    startNanos = parts.clock().monotonicNanos();
  }

  MigrationStatus status() {
    return status;
  }

  boolean running() {
    return switch (status) {
      case SETUP, ACTIVE, PRE_SWITCHOVER, DEVICE, CANCELLING, WAIT_UNPLUG -> true;
      case NONE,
          CANCELLED,
          POSTCOPY_ACTIVE,
          POSTCOPY_PAUSED,
          POSTCOPY_RECOVER_SETUP,
          POSTCOPY_RECOVER,
          COMPLETED,
          FAILED,
          COLO ->
          false;
    };
  }

  private void set(MigrationStatus next) {
    status = next;
    migration.emit(next);
  }

  // ---- commands -------------------------------------------------------------------------------

  /** Begins; files and descriptors are opened at once, so that their errors are the command's. */
  void start(Migration.NamedDescriptor named) throws QmpException {
    set(MigrationStatus.SETUP);
    try {
      checkPlain();
      stream =
          switch (address) {
            case MigrationAddress.File file ->
                new MigrationStream(Endpoints.createFile(file.data()), false);
            case MigrationAddress.Socket socket when socket.data() instanceof SocketAddress.Fd ->
                descriptor(taken(named));
            case MigrationAddress.Socket socket -> null;
            case MigrationAddress.Exec exec ->
                throw BlockException.invalid("Migration through programs (exec) is not served");
            case MigrationAddress.Rdma rdma ->
                throw BlockException.invalid("RDMA ERROR: could not create CM channel");
          };
    } catch (BlockException refused) {
      error = refused.message();
      set(MigrationStatus.FAILED);
      throw QmpException.generic(refused.message());
    }
    Thread.ofPlatform().name("migration-out").daemon(true).start(this::run);
  }

  /** Credentials that are not there are told as QEMU does; those that are, cannot be used yet. */
  private void checkPlain() throws BlockException {
    String credentials = migration.parameters().tlsCreds().orElse("");
    if (!credentials.isEmpty()) {
      throw BlockException.invalid("No TLS credentials with id '" + credentials + "'");
    }
  }

  private static MigrationStream descriptor(int fd) throws BlockException {
    boolean socket = Descriptors.isSocket(fd);
    return new MigrationStream(Endpoints.adopt(fd, true), socket);
  }

  void cancel() {
    if (running() && !decided && status != MigrationStatus.CANCELLING) {
      set(MigrationStatus.CANCELLING);
      abort();
    }
  }

  private void abort() {
    MigrationStream current = stream;
    if (current != null) {
      current.close();
    }
    boolean unused = continued.complete(false);
  }

  void goOn() {
    boolean unused = continued.complete(true);
  }

  void shutDown() {
    if (status == MigrationStatus.COLO) {
      set(MigrationStatus.CANCELLING);
      migration.colo().shutDown();
      set(MigrationStatus.CANCELLED);
    } else if (running()) {
      cancel();
    }
  }

  void coloCompleted() {
    set(MigrationStatus.COMPLETED);
  }

  // ---- the thread -----------------------------------------------------------------------------

  private void run() {
    try {
      MigrationStream open = connected();
      greet(open);
      migration.steps().run(this::activate);
      migration.steps().run(this::stop);
      if (!awaitContinue()) {
        throw new StreamException("cancelled");
      }
      migration.steps().run(this::switchOver);
      send(open);
      if (!open.answered()) {
        migration.steps().run(this::decide);
        open.close();
        migration.steps().run(this::complete);
        return;
      }
      Frame unused = open.read(FrameType.LOADED);
      migration.steps().run(this::decide);
      open.write(FrameType.GO);
      if (migration.has(MigrationCapability.X_COLO)) {
        new ColoPrimary(migration, open).run(() -> set(MigrationStatus.COLO));
        return;
      }
      open.close();
      migration.steps().run(this::complete);
    } catch (StreamException failed) {
      fail(failed.sentence());
    } catch (BlockException failed) {
      fail(failed.message());
    } catch (IOException failed) {
      fail("the connection to the target was lost: " + failed.getMessage());
    }
  }

  private MigrationStream connected() throws BlockException, StreamException {
    MigrationStream ready = stream;
    if (ready != null) {
      return ready;
    }
    if (!(address instanceof MigrationAddress.Socket socket)) {
      throw new IllegalStateException("an address that is no socket");
    }
    MigrationStream connected = new MigrationStream(Endpoints.connect(socket.data()), true);
    migration
        .steps()
        .run(() -> {
          if (status == MigrationStatus.CANCELLING) {
            connected.close();
            throw new StreamException("cancelled");
          }
          stream = connected;
        });
    return connected;
  }

  private void greet(MigrationStream open) throws IOException, StreamException, BlockException {
    open.writeHead();
    boolean colo = migration.steps().call(() -> migration.has(MigrationCapability.X_COLO));
    open.write(Hello.frame(new Hello(parts.uuid(), colo)));
    if (open.answered()) {
      open.readHead();
      Frame unused = open.read(FrameType.WELCOME);
    }
  }

  private boolean awaitContinue() {
    return continued.join();
  }

  private void send(MigrationStream open) throws IOException {
    RunState state = before;
    open.write(Frame.ofText(FrameType.RUN_STATE, state == null ? "paused" : state.wireName()));
    for (SentBitmap bitmap : bitmaps) {
      bitmap.write(open);
    }
    open.write(FrameType.END);
  }

  // ---- steps on the lane ----------------------------------------------------------------------

  private void checkCancelled() throws StreamException {
    if (status == MigrationStatus.CANCELLING) {
      throw new StreamException("cancelled");
    }
  }

  private void activate() throws StreamException {
    checkCancelled();
    pass();
    set(MigrationStatus.ACTIVE);
  }

  void pass() {
    passes++;
    migration.emitPass(passes);
  }

  private void stop() throws StreamException, BlockException {
    checkCancelled();
    RunStates states = parts.runStates();
    before = states.state();
    stopNanos = parts.clock().monotonicNanos();
    states.stop(RunState.FINISH_MIGRATE);
    states.set(RunState.FINISH_MIGRATE);
    if (migration.has(MigrationCapability.PAUSE_BEFORE_SWITCHOVER)) {
      set(MigrationStatus.PRE_SWITCHOVER);
    } else {
      boolean unused = continued.complete(true);
    }
  }

  private void switchOver() throws StreamException, BlockException {
    checkCancelled();
    set(MigrationStatus.DEVICE);
    if (migration.has(MigrationCapability.DIRTY_BITMAPS)) {
      bitmaps = SentBitmap.choose(parts.graph(), migration.bitmapMapping());
    }
    if (!migration.has(MigrationCapability.X_COLO)) {
      inactivated = true;
      activation.inactivateAll();
    }
    pass();
  }

  private void decide() throws StreamException {
    checkCancelled();
    decided = true;
  }

  private void complete() {
    long now = parts.clock().monotonicNanos();
    totalMillis = (now - startNanos) / NANOS_PER_MILLI;
    downtimeMillis = (now - stopNanos) / NANOS_PER_MILLI;
    parts.runStates().set(RunState.POSTMIGRATE);
    set(MigrationStatus.COMPLETED);
  }

  /** On the thread: the target does not take the machine. */
  private static int taken(Migration.NamedDescriptor named) throws BlockException {
    try {
      return named.take();
    } catch (QmpException unknown) {
      throw BlockException.invalid(unknown.text());
    }
  }

  private void fail(String why) {
    abort();
    parts.lane().execute(() -> failed(why));
  }

  private void failed(String why) {
    if (decided) {
      // The target has been told to take over: whether it did, nobody here can know.
      error = why;
      parts.report().accept(why);
      complete();
      return;
    }
    if (status == MigrationStatus.CANCELLING) {
      takeBack();
      set(MigrationStatus.CANCELLED);
      return;
    }
    error = why;
    parts.report().accept(why);
    set(MigrationStatus.FAILED);
    takeBack();
  }

  private void takeBack() {
    RunState old = before;
    for (SentBitmap each : bitmaps) {
      each.bitmap().setSkipStore(false);
    }
    if (inactivated) {
      try {
        activation.activateAll();
      } catch (BlockException lost) {
        parts.report().accept("the images cannot be taken back: " + lost.message());
        parts.runStates().set(RunState.POSTMIGRATE);
        return;
      }
    }
    if (old == null || parts.runStates().state() != RunState.FINISH_MIGRATE) {
      return;
    }
    if (old == RunState.RUNNING) {
      parts.runStates().resume();
    } else {
      parts.runStates().set(old);
    }
  }

  // ---- queries --------------------------------------------------------------------------------

  void describe(MigrationInfo.Builder info) {
    if (status == MigrationStatus.NONE) {
      return;
    }
    info.status(status);
    if (error != null) {
      info.errorDesc(error);
    }
    switch (status) {
      case ACTIVE, CANCELLING, PRE_SWITCHOVER, DEVICE -> {
        long now = (parts.clock().monotonicNanos() - startNanos) / NANOS_PER_MILLI;
        info.totalTime(now).setupTime(0).expectedDowntime(0).ram(stats());
      }
      case COMPLETED ->
          info.totalTime(totalMillis).setupTime(0).downtime(downtimeMillis).ram(stats());
      case NONE,
          SETUP,
          CANCELLED,
          POSTCOPY_ACTIVE,
          POSTCOPY_PAUSED,
          POSTCOPY_RECOVER_SETUP,
          POSTCOPY_RECOVER,
          FAILED,
          COLO,
          WAIT_UNPLUG -> {}
    }
  }

  private MigrationStats stats() {
    MigrationStream current = stream;
    long sent = current == null ? 0 : current.written();
    return new MigrationStats(
        sent, 0, 0, 0, 0, 0, 0, 0.0, passes, 0, PAGE_BYTES, 0, 0, sent, 0, 0, 0);
  }
}
