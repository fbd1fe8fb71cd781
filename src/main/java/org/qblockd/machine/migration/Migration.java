// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.block.BlockGraph;
import org.qblockd.machine.RunStates;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BitmapMigrationNodeAlias;
import org.qblockd.qapi.types.COLOMode;
import org.qblockd.qapi.types.MigrateSetParameters;
import org.qblockd.qapi.types.MigrationAddress;
import org.qblockd.qapi.types.MigrationCapability;
import org.qblockd.qapi.types.MigrationCapabilityStatus;
import org.qblockd.qapi.types.MigrationEvent;
import org.qblockd.qapi.types.MigrationInfo;
import org.qblockd.qapi.types.MigrationParameters;
import org.qblockd.qapi.types.MigrationPassEvent;
import org.qblockd.qapi.types.MigrationStatus;
import org.qblockd.qapi.types.RunState;
import org.qblockd.replication.ReplicationControl;

/**
 * What a server knows of migration: capabilities, parameters, the way out and the way in, COLO.
 * Control lane, except where said otherwise.
 */
public final class Migration {
  /**
   * What a migration works on.
   *
   * @param report prints a sentence on standard error, behind the program's name
   * @param print prints a line on standard error
   * @param uuid the machine's UUID
   */
  public record Parts(
      ControlLane lane,
      Clock clock,
      EventSink events,
      BlockGraph graph,
      RunStates runStates,
      ReplicationControl replication,
      Consumer<String> report,
      Consumer<String> print,
      String uuid) {}

  private final Parts parts;
  private final LaneSteps steps;
  private final Colo colo;
  private final Set<MigrationCapability> capabilities = EnumSet.noneOf(MigrationCapability.class);
  private MigrationParameters parameters = Defaults.PARAMETERS;
  private @Nullable Outgoing outgoing;
  private @Nullable Incoming incoming;
  private boolean incomingExpected;
  private boolean incomingStarted;
  private Runnable fatal = () -> {};

  /** A server without a migration. */
  public Migration(Parts parts) {
    this.parts = parts;
    this.steps = new LaneSteps(parts.lane());
    this.colo = new Colo(this);
  }

  Parts parts() {
    return parts;
  }

  LaneSteps steps() {
    return steps;
  }

  /** The state of COLO. */
  public Colo colo() {
    return colo;
  }

  /** Tells that -incoming was given. Before the start. */
  public void expectIncoming() {
    incomingExpected = true;
  }

  /** Sets what ends the server, with the exit status 1, when its machine cannot come. */
  public void onFatal(Runnable action) {
    fatal = action;
  }

  Runnable fatal() {
    return fatal;
  }

  // ---- capabilities and parameters ------------------------------------------------------------

  boolean has(MigrationCapability capability) {
    return capabilities.contains(capability);
  }

  /** All capabilities and whether they are on. */
  public List<MigrationCapabilityStatus> capabilities() {
    List<MigrationCapabilityStatus> all = new ArrayList<>();
    for (MigrationCapability each : MigrationCapability.values()) {
      all.add(new MigrationCapabilityStatus(each, capabilities.contains(each)));
    }
    return all;
  }

  /** Switches capabilities; all or none. */
  public void setCapabilities(List<MigrationCapabilityStatus> changes) throws QmpException {
    if (running() || outgoingInColo()) {
      throw QmpException.generic("There's a migration process in progress");
    }
    Set<MigrationCapability> next = EnumSet.noneOf(MigrationCapability.class);
    next.addAll(capabilities);
    for (MigrationCapabilityStatus change : changes) {
      if (change.state()) {
        next.add(change.capability());
      } else {
        next.remove(change.capability());
      }
    }
    String refusal = Capabilities.refusal(capabilities, next, incomingStarted);
    if (refusal != null) {
      throw QmpException.generic(refusal);
    }
    for (MigrationCapabilityStatus change : changes) {
      if (change.state() && change.capability() == MigrationCapability.ZERO_BLOCKS) {
        parts.print().accept("warning: zero-blocks capability is deprecated");
      }
    }
    capabilities.clear();
    capabilities.addAll(next);
  }

  /** The parameters. */
  public MigrationParameters parameters() {
    return parameters;
  }

  /** Sets parameters; all or none. A new checkpoint delay begins with a checkpoint. */
  public void setParameters(MigrateSetParameters set) throws QmpException {
    ParameterRanges.check(set, parameters);
    parameters = Defaults.with(parameters, set);
    if (set.xCheckpointDelay().isPresent()) {
      colo.delayChanged();
    }
  }

  long checkpointDelayMillis() {
    return parameters.xCheckpointDelay().orElse(0L);
  }

  @Nullable List<BitmapMigrationNodeAlias> bitmapMapping() {
    return parameters.blockBitmapMapping().orElse(null);
  }

  // ---- events ---------------------------------------------------------------------------------

  void emit(MigrationStatus status) {
    if (has(MigrationCapability.EVENTS)) {
      parts.events().emit(new MigrationEvent(status));
    }
  }

  void emitPass(long pass) {
    if (has(MigrationCapability.EVENTS)) {
      parts.events().emit(new MigrationPassEvent(pass));
    }
  }

  // ---- the way out ----------------------------------------------------------------------------

  /** Whether the machine is on its way out of this server. */
  private boolean running() {
    Outgoing current = outgoing;
    return current != null && current.running();
  }

  private boolean outgoingInColo() {
    return colo.mode() == COLOMode.PRIMARY;
  }

  /**
   * Begins to migrate.
   *
   * @param named gives the descriptor that the address names; asked only then
   */
  public void migrate(MigrationAddress address, NamedDescriptor named, boolean resume)
      throws QmpException {
    checkMigratable(resume);
    Outgoing next = new Outgoing(this, address);
    outgoing = next;
    next.start(named);
  }

  /** Where the descriptor of an address comes from. */
  public interface NamedDescriptor {
    /** Its number; who takes it closes it. */
    int take() throws QmpException;
  }

  /** Why no migration can begin now, in QEMU's order. */
  public void checkMigratable(boolean resume) throws QmpException {
    if (resume) {
      throw QmpException.generic("Cannot resume if there is no paused migration");
    }
    if (running() || outgoingInColo()) {
      throw QmpException.generic("There's a migration process in progress");
    }
    if (parts.runStates().state() == RunState.INMIGRATE) {
      throw QmpException.generic("Guest is waiting for an incoming migration");
    }
    if (parts.runStates().state() == RunState.POSTMIGRATE) {
      throw QmpException.generic("Can't migrate the vm that was paused due to previous migration");
    }
    if (colo.mode() == COLOMode.SECONDARY) {
      throw QmpException.generic("duplicate yank instance");
    }
  }

  /** Gives the migration up, if there is one that can be. */
  public void cancel() throws QmpException {
    if (outgoingInColo()) {
      throw QmpException.generic("COLO is ended by x-colo-lost-heartbeat, not by migrate_cancel");
    }
    Outgoing current = outgoing;
    if (current != null) {
      current.cancel();
    }
  }

  /** Goes on where the migration has paused. */
  public void goOn(MigrationStatus state) throws QmpException {
    Outgoing current = outgoing;
    MigrationStatus now = current == null ? MigrationStatus.NONE : current.status();
    if (current == null || now != state || now != MigrationStatus.PRE_SWITCHOVER) {
      throw QmpException.generic("Migration not in expected state: " + now.wireName());
    }
    current.goOn();
  }

  /** Would go on after the target runs. */
  public void startPostcopy() throws QmpException {
    if (!has(MigrationCapability.POSTCOPY_RAM)) {
      throw QmpException.generic(
          "Enable postcopy with migrate_set_capability before the start of migration");
    }
    if (!running()) {
      throw QmpException.generic("Postcopy must be started after migration has been started");
    }
    throw QmpException.generic("There is no memory here that could follow the machine");
  }

  // ---- the way in -----------------------------------------------------------------------------

  /** Throws when -incoming was not given, or has been answered. */
  public void checkIncoming() throws QmpException {
    if (!incomingExpected) {
      throw QmpException.generic("'-incoming' was not specified on the command line");
    }
    if (incomingStarted) {
      throw QmpException.generic("The incoming migration has already been started");
    }
  }

  /** Throws after an attempt to listen that has failed, as QEMU does. */
  public void checkNotBegun() throws QmpException {
    if (incoming != null) {
      incoming.checkNew();
    }
  }

  /**
   * Begins to listen.
   *
   * @param fd the descriptor that the address names; -1 if it names none
   */
  public void listen(MigrationAddress address, int fd, boolean exitOnError) throws QmpException {
    checkIncoming();
    checkNotBegun();
    Incoming current = incoming;
    if (current == null) {
      current = new Incoming(this);
      incoming = current;
    }
    current.start(address, fd, exitOnError);
    incomingStarted = true;
  }

  // ---- COLO and the end -----------------------------------------------------------------------

  /** The other side of COLO is dead. */
  public void lostHeartbeat() throws QmpException {
    colo.lostHeartbeat();
  }

  /** COLO has ended by a failover: so has the migration that it began with. */
  void coloCompleted(COLOMode mode) {
    if (mode == COLOMode.PRIMARY && outgoing != null) {
      outgoing.coloCompleted();
    } else if (mode == COLOMode.SECONDARY && incoming != null) {
      incoming.coloCompleted();
    }
  }

  /** The server ends: SHUTDOWN has been sent, the images are still open. */
  public void shutDown() {
    Outgoing out = outgoing;
    if (out != null) {
      out.shutDown();
    }
    if (incoming != null) {
      incoming.shutDown();
    }
  }

  // ---- queries --------------------------------------------------------------------------------

  /** The current or last migration. */
  public MigrationInfo info() {
    MigrationInfo.Builder info = MigrationInfo.builder();
    if (incoming != null) {
      incoming.describe(info);
    }
    if (outgoing != null) {
      outgoing.describe(info);
    }
    return info.build();
  }
}
