// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MigrationCommands;
import org.qblockd.qapi.options.MigrationTexts;
import org.qblockd.qapi.types.MigrateArguments;
import org.qblockd.qapi.types.MigrationCapability;
import org.qblockd.qapi.types.MigrationCapabilityStatus;
import org.qblockd.qapi.types.MigrationParameters;
import org.qblockd.qapi.types.MigrationStatus;

/** The human commands on migration and COLO. Control lane. */
final class MigrationRows {
  /** Parameters whose numbers mean MiB when no unit is said. */
  private static final List<String> MEBIBYTES =
      List.of(
          "max-bandwidth",
          "avail-switchover-bandwidth",
          "max-postcopy-bandwidth",
          "xbzrle-cache-size");

  private final MigrationCommands qmp;

  private MigrationRows(MigrationCommands qmp) {
    this.qmp = qmp;
  }

  static List<HmpCommand> rows(QmpGroups groups) {
    MigrationRows rows = new MigrationRows(groups.migration());
    MigrationCommands qmp = rows.qmp;
    return List.of(
        new HmpCommand(
            "migrate",
            "-d -r uri:s",
            "[-d] [-r] uri",
            "move the machine to the server at uri; -d: do not wait for the end",
            rows::migrate),
        new HmpCommand(
            "migrate_cancel", "", "", "give the migration up", call -> qmp.migrateCancel()),
        new HmpCommand(
            "migrate_continue",
            "state:s",
            "state",
            "go on where the migration has paused",
            rows::goOn),
        new HmpCommand(
            "migrate_incoming",
            "uri:s",
            "uri",
            "wait for a machine at uri, after -incoming defer",
            call ->
                qmp.migrateIncoming(
                    Optional.of(call.text("uri")), Optional.empty(), Optional.of(true))),
        new HmpCommand(
            "migrate_recover",
            "uri:s",
            "uri",
            "go on with a paused incoming migration",
            call -> qmp.migrateRecover(call.text("uri"))),
        new HmpCommand("migrate_pause", "", "", "pause a migration", call -> qmp.migratePause()),
        new HmpCommand(
            "migrate_set_capability",
            "capability:s state:b",
            "capability state",
            "switch a capability of migration on or off",
            rows::setCapability),
        new HmpCommand(
            "migrate_set_parameter",
            "parameter:s value:s",
            "parameter value",
            "set a parameter of migration",
            rows::setParameter),
        new HmpCommand(
            "migrate_start_postcopy",
            "",
            "",
            "go on after the target has begun to run",
            call -> qmp.migrateStartPostcopy()),
        new HmpCommand(
            "x_colo_lost_heartbeat",
            "",
            "",
            "tell COLO that the other side is dead",
            call -> qmp.xColoLostHeartbeat()));
  }

  static List<HmpCommand> infos(QmpGroups groups) {
    MigrationRows rows = new MigrationRows(groups.migration());
    return List.of(
        new HmpCommand("migrate", "", "", "show the state of migration", rows::info),
        new HmpCommand("migrate_capabilities", "", "", "show the capabilities", rows::capabilities),
        new HmpCommand("migrate_parameters", "", "", "show the parameters", rows::parameters));
  }

  // ---- commands -------------------------------------------------------------------------------

  /** The reply does not wait for the end in either form: whoever waits watches info migrate. */
  private void migrate(HmpCall call) throws QmpException, BlockException {
    qmp.migrate(
        new MigrateArguments(
            Optional.of(call.text("uri")), Optional.empty(), call.flag("d"), call.flag("r")));
  }

  private void goOn(HmpCall call) throws QmpException, BlockException {
    MigrationStatus state = MigrationStatus.fromWire(call.text("state"));
    if (state == null) {
      throw QmpException.generic("invalid parameter value: " + call.text("state"));
    }
    qmp.migrateContinue(state);
  }

  private void setCapability(HmpCall call) throws QmpException, BlockException {
    String name = call.text("capability");
    MigrationCapability capability = MigrationCapability.fromWire(name);
    if (capability == null) {
      throw QmpException.generic("invalid parameter value: " + name);
    }
    qmp.migrateSetCapabilities(
        List.of(new MigrationCapabilityStatus(capability, call.isOn("state"))));
  }

  private void setParameter(HmpCall call) throws QmpException, BlockException {
    String name = call.text("parameter");
    if (name.equals("block-bitmap-mapping")) {
      throw QmpException.generic("The block-bitmap-mapping parameter can only be set through QMP");
    }
    MigrationParameters now = qmp.queryMigrateParameters();
    if (!MigrationTexts.exists(now, name)) {
      throw QmpException.generic("invalid parameter value: " + name);
    }
    String value = call.text("value");
    boolean digits = value.chars().allMatch(Character::isDigit);
    boolean sized = MEBIBYTES.contains(name);
    if (MigrationTexts.isNumber(now, name) && !digits && !sized) {
      throw QmpException.generic("Parameter '" + name + "' expects uint64");
    }
    qmp.migrateSetParameters(MigrationTexts.set(name, sized && digits ? value + "M" : value));
  }

  // ---- what is shown --------------------------------------------------------------------------

  private void info(HmpCall call) throws QmpException, BlockException {
    call.print(MigrationText.of(qmp.queryMigrate()));
  }

  private void capabilities(HmpCall call) throws QmpException, BlockException {
    for (MigrationCapabilityStatus each : qmp.queryMigrateCapabilities()) {
      call.print(each.capability().wireName() + ": " + onOff(each.state()) + "\n");
    }
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  private void parameters(HmpCall call) throws QmpException, BlockException {
    MigrationParameters p = qmp.queryMigrateParameters();
    List<String> lines = new ArrayList<>();
    lines.add("announce-initial: " + number(p.announceInitial()) + " ms");
    lines.add("announce-max: " + number(p.announceMax()) + " ms");
    lines.add("announce-rounds: " + number(p.announceRounds()));
    lines.add("announce-step: " + number(p.announceStep()) + " ms");
    lines.add("throttle-trigger-threshold: " + number(p.throttleTriggerThreshold()));
    lines.add("cpu-throttle-initial: " + number(p.cpuThrottleInitial()));
    lines.add("cpu-throttle-increment: " + number(p.cpuThrottleIncrement()));
    lines.add("cpu-throttle-tailslow: " + onOff(p.cpuThrottleTailslow().orElse(false)));
    lines.add("max-cpu-throttle: " + number(p.maxCpuThrottle()));
    lines.add("tls-creds: '" + p.tlsCreds().orElse("") + "'");
    lines.add("tls-hostname: '" + p.tlsHostname().orElse("") + "'");
    lines.add("max-bandwidth: " + number(p.maxBandwidth()) + " bytes/second");
    lines.add(
        "avail-switchover-bandwidth: " + number(p.availSwitchoverBandwidth()) + " bytes/second");
    lines.add("downtime-limit: " + number(p.downtimeLimit()) + " ms");
    lines.add("x-checkpoint-delay: " + number(p.xCheckpointDelay()) + " ms");
    lines.add("multifd-channels: " + number(p.multifdChannels()));
    p.multifdCompression().ifPresent(c -> lines.add("multifd-compression: " + c.wireName()));
    p.zeroPageDetection().ifPresent(z -> lines.add("zero-page-detection: " + z.wireName()));
    lines.add("xbzrle-cache-size: " + number(p.xbzrleCacheSize()) + " bytes");
    lines.add("max-postcopy-bandwidth: " + number(p.maxPostcopyBandwidth()));
    lines.add("tls-authz: '" + p.tlsAuthz().orElse("") + "'");
    lines.addAll(MigrationText.mapping(p));
    lines.add("x-vcpu-dirty-limit-period: " + number(p.xVcpuDirtyLimitPeriod()) + " ms");
    lines.add("vcpu-dirty-limit: " + number(p.vcpuDirtyLimit()) + " MB/s");
    p.mode().ifPresent(m -> lines.add("mode: " + m.wireName()));
    lines.add("direct-io: " + onOff(p.directIo().orElse(false)));
    call.print(String.join("\n", lines) + "\n");
  }

  private static String number(Optional<Long> value) {
    return Long.toUnsignedString(value.orElse(0L));
  }
}
