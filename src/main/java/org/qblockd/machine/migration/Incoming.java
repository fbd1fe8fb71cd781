// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Activation;
import org.qblockd.export.transport.Listener;
import org.qblockd.machine.RunStates;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.MigrationAddress;
import org.qblockd.qapi.types.MigrationCapability;
import org.qblockd.qapi.types.MigrationInfo;
import org.qblockd.qapi.types.MigrationStatus;
import org.qblockd.qapi.types.RunState;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.storage.Descriptors;

/**
 * The machine's way into this server. A thread of its own listens, takes one connection and reads
 * it; what changes this server it does in steps on the control lane.
 */
final class Incoming {
  private final Migration migration;
  private final Migration.Parts parts;
  private @Nullable Listener listener;
  private @Nullable SocketAddress shown;
  private boolean exitOnError = true;
  private MigrationStatus status = MigrationStatus.NONE;
  private @Nullable String error;
  private volatile @Nullable MigrationStream stream;

  Incoming(Migration migration) {
    this.migration = migration;
    this.parts = migration.parts();
  }

  private void set(MigrationStatus next) {
    status = next;
    migration.emit(next);
  }

  // ---- commands -------------------------------------------------------------------------------

  /** Begins to listen. After a failure the state stays as it is, as in QEMU. */
  void start(MigrationAddress address, int fd, boolean exit) throws QmpException {
    checkNew();
    set(MigrationStatus.SETUP);
    exitOnError = exit;
    try {
      open(address, fd);
    } catch (BlockException refused) {
      throw QmpException.generic(refused.message());
    }
    Thread.ofPlatform().name("migration-in").daemon(true).start(this::run);
  }

  void checkNew() throws QmpException {
    if (status != MigrationStatus.NONE) {
      throw QmpException.generic("Illegal migration incoming state: " + status.wireName());
    }
  }

  private void open(MigrationAddress address, int fd) throws BlockException {
    switch (address) {
      case MigrationAddress.File file ->
          stream = new MigrationStream(Endpoints.openFile(file.data()), false);
      case MigrationAddress.Socket socket when socket.data() instanceof SocketAddress.Fd -> {
        boolean answered = Descriptors.isSocket(fd);
        stream = new MigrationStream(Endpoints.adopt(fd, false), answered);
      }
      case MigrationAddress.Socket socket -> {
        Listener open = Endpoints.listen(socket.data());
        listener = open;
        shown = Endpoints.shown(socket.data(), open);
      }
      case MigrationAddress.Exec exec ->
          throw BlockException.invalid("Migration through programs (exec) is not served");
      case MigrationAddress.Rdma rdma ->
          throw BlockException.invalid("RDMA ERROR: could not create rdma event channel");
    }
  }

  void coloCompleted() {
    set(MigrationStatus.COMPLETED);
  }

  void shutDown() {
    Listener open = listener;
    if (open != null) {
      open.close();
    }
    MigrationStream current = stream;
    if (current != null && status != MigrationStatus.COLO) {
      current.close();
    }
  }

  // ---- the thread -----------------------------------------------------------------------------

  private void run() {
    ReceivedBitmaps bitmaps = null;
    try {
      MigrationStream open = accepted();
      open.readHead();
      open.writeHeadIfAnswered();
      boolean colo = greet(open);
      migration.steps().run(() -> set(MigrationStatus.ACTIVE));
      bitmaps =
          migration
              .steps()
              .call(() -> new ReceivedBitmaps(parts.graph(), migration.bitmapMapping()));
      RunState state = receive(open, bitmaps);
      if (open.answered()) {
        open.write(FrameType.LOADED);
        Frame unused = open.read(FrameType.GO);
      }
      ReceivedBitmaps come = bitmaps;
      bitmaps = null;
      if (colo) {
        new ColoSecondary(migration, open).run(() -> enterColo(come));
        return;
      }
      open.close();
      migration.steps().run(() -> takeOver(state, come));
    } catch (StreamException failed) {
      fail(failed.sentence(), "Invalid argument", bitmaps);
    } catch (BlockException failed) {
      fail(failed.message(), "Invalid argument", bitmaps);
    } catch (IOException failed) {
      fail("the connection to the source was lost", "Input/output error", bitmaps);
    }
  }

  private MigrationStream accepted() throws IOException {
    MigrationStream ready = stream;
    if (ready != null) {
      return ready;
    }
    Listener open = listener;
    if (open == null) {
      throw new IllegalStateException("nobody listens");
    }
    SocketChannel channel = open.acceptFirst();
    open.close();
    MigrationStream accepted = new MigrationStream(channel, true);
    stream = accepted;
    return accepted;
  }

  private boolean greet(MigrationStream open) throws IOException, StreamException, BlockException {
    Hello hello = Hello.of(open.read(FrameType.HELLO));
    migration.steps().run(() -> check(hello));
    if (open.answered()) {
      open.write(FrameType.WELCOME);
    }
    return hello.colo();
  }

  private void check(Hello hello) throws StreamException {
    if (hello.colo() && !migration.has(MigrationCapability.X_COLO)) {
      throw new StreamException(
          "ENABLE_COLO command come in migration stream, but x-colo capability is not set");
    }
    if (migration.has(MigrationCapability.VALIDATE_UUID) && !hello.uuid().equals(parts.uuid())) {
      throw new StreamException(
          "UUID received is " + hello.uuid() + " and local is " + parts.uuid());
    }
  }

  private RunState receive(MigrationStream open, ReceivedBitmaps bitmaps)
      throws IOException, StreamException, BlockException {
    String text = open.read(FrameType.RUN_STATE).text();
    RunState state = RunState.fromWire(text);
    if (state == null) {
      throw new StreamException(
          "Unknown savevm section 'globalstate' with run state '" + text + "'");
    }
    while (true) {
      Frame frame = open.read();
      switch (frame.type()) {
        case BITMAP -> migration.steps().run(() -> bitmaps.begin(frame));
        case BITMAP_RUNS -> bitmaps.mark(frame);
        case END -> {
          return state;
        }
        default -> throw new StreamException("Unexpected message " + frame.type());
      }
    }
  }

  /** The machine is here: its images are ours, and it runs if it ran. */
  private void takeOver(RunState state, ReceivedBitmaps bitmaps) {
    RunStates states = parts.runStates();
    boolean runs = state == RunState.RUNNING;
    boolean autostart = states.autostart();
    if (!migration.has(MigrationCapability.LATE_BLOCK_ACTIVATE) || (autostart && runs)) {
      try {
        new Activation(parts.graph()).activateAll();
      } catch (BlockException lost) {
        parts.report().accept(lost.message());
        autostart = false;
      }
    }
    bitmaps.release();
    states.set(runs ? RunState.PAUSED : state);
    if (runs && autostart) {
      states.resume();
    }
    set(MigrationStatus.COMPLETED);
  }

  /** The images become ours, but the machine's own data go to the active disk from now on. */
  private void enterColo(ReceivedBitmaps bitmaps) throws BlockException {
    new Activation(parts.graph()).activateAll();
    bitmaps.release();
    parts.runStates().set(RunState.PAUSED);
    set(MigrationStatus.COLO);
  }

  /** On the thread. */
  private void fail(String why, String errno, @Nullable ReceivedBitmaps bitmaps) {
    MigrationStream current = stream;
    if (current != null) {
      if (current.answered() && !current.closed()) {
        IOException unused = current.refuse(why);
      }
      current.close();
    }
    parts
        .lane()
        .execute(() -> {
          if (bitmaps != null) {
            bitmaps.drop();
          }
          failed(why, errno);
        });
  }

  private void failed(String why, String errno) {
    error = "load of migration failed: " + errno;
    set(MigrationStatus.FAILED);
    parts.report().accept(why);
    if (exitOnError) {
      parts.report().accept("load of migration failed: " + errno);
      migration.fatal().run();
    }
  }

  // ---- queries --------------------------------------------------------------------------------

  void describe(MigrationInfo.Builder info) {
    if (status == MigrationStatus.NONE) {
      return;
    }
    info.status(status);
    if (shown != null) {
      info.socketAddress(List.of(shown));
    }
    if (error != null && !exitOnError) {
      info.errorDesc(error);
    }
  }
}
