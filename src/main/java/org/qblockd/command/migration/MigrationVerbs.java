// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.migration;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.command.replication.ReplicationVerbs;
import org.qblockd.machine.migration.Addresses;
import org.qblockd.machine.migration.Migration;
import org.qblockd.monitor.Session;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MigrationCommands;
import org.qblockd.qapi.types.COLOStatus;
import org.qblockd.qapi.types.MigrateArguments;
import org.qblockd.qapi.types.MigrateSetParameters;
import org.qblockd.qapi.types.MigrationAddress;
import org.qblockd.qapi.types.MigrationCapabilityStatus;
import org.qblockd.qapi.types.MigrationChannel;
import org.qblockd.qapi.types.MigrationInfo;
import org.qblockd.qapi.types.MigrationParameters;
import org.qblockd.qapi.types.MigrationStatus;
import org.qblockd.qapi.types.ReplicationStatus;
import org.qblockd.qapi.types.SocketAddress;

/** The commands of {@code migration.json}. Control lane, but the two that may run beside it. */
public final class MigrationVerbs implements MigrationCommands {
  private final Migration migration;
  private final ReplicationVerbs replication;

  /** The commands on this migration, and those on replication nodes. */
  public MigrationVerbs(Migration migration, ReplicationVerbs replication) {
    this.migration = migration;
    this.replication = replication;
  }

  @Override
  public void xenSetReplication(boolean enable, boolean primary, Optional<Boolean> failover)
      throws QmpException, BlockException {
    replication.setReplication(enable, primary, failover);
  }

  @Override
  public ReplicationStatus queryXenReplicationStatus() {
    return replication.status();
  }

  @Override
  public void xenColoDoCheckpoint() throws BlockException {
    replication.checkpoint();
  }

  @Override
  public MigrationInfo queryMigrate() {
    return migration.info();
  }

  @Override
  public void migrateSetCapabilities(List<MigrationCapabilityStatus> capabilities)
      throws QmpException {
    migration.setCapabilities(capabilities);
  }

  @Override
  public List<MigrationCapabilityStatus> queryMigrateCapabilities() {
    return migration.capabilities();
  }

  @Override
  public void migrateSetParameters(MigrateSetParameters arguments) throws QmpException {
    migration.setParameters(arguments);
  }

  @Override
  public MigrationParameters queryMigrateParameters() {
    return migration.parameters();
  }

  @Override
  public void migrateStartPostcopy() throws QmpException {
    migration.startPostcopy();
  }

  @Override
  public void xColoLostHeartbeat() throws QmpException {
    migration.lostHeartbeat();
  }

  @Override
  public void migrateCancel() throws QmpException {
    migration.cancel();
  }

  @Override
  public void migrateContinue(MigrationStatus state) throws QmpException {
    migration.goOn(state);
  }

  @Override
  public void migrate(MigrateArguments arguments) throws QmpException {
    MigrationAddress address =
        Addresses.of(arguments.uri().orElse(null), arguments.channels().orElse(null));
    boolean resume = arguments.resume().orElse(false);
    migration.checkMigratable(resume);
    migration.migrate(address, () -> descriptor(address), resume);
  }

  @Override
  public void migrateIncoming(
      Optional<String> uri,
      Optional<List<MigrationChannel>> channels,
      Optional<Boolean> exitOnError)
      throws QmpException {
    migration.checkIncoming();
    MigrationAddress address = Addresses.of(uri.orElse(null), channels.orElse(null));
    migration.checkNotBegun();
    migration.listen(address, descriptor(address), exitOnError.orElse(true));
  }

  /** The descriptor that an address names, by number or as getfd has named it; -1 for others. */
  public static int descriptor(MigrationAddress address) throws QmpException {
    if (!(address instanceof MigrationAddress.Socket socket)
        || !(socket.data() instanceof SocketAddress.Fd fd)) {
      return -1;
    }
    String name = fd.data().str();
    @Nullable Session session = Session.current();
    int found = session == null ? number(name) : session.descriptors().take(name);
    if (found < 0) {
      throw QmpException.generic("File descriptor named '" + name + "' has not been found");
    }
    return found;
  }

  private static int number(String name) {
    try {
      return Integer.parseInt(name);
    } catch (NumberFormatException notOne) {
      return -1;
    }
  }

  @Override
  public COLOStatus queryColoStatus() {
    return migration.colo().status();
  }

  @Override
  public void migrateRecover(String uri) throws QmpException {
    throw QmpException.generic("Migrate recover can only be run when postcopy is paused.");
  }

  @Override
  public void migratePause() throws QmpException {
    throw QmpException.generic(
        "migrate-pause is currently only supported during postcopy-active or postcopy-recover"
            + " state");
  }
}
