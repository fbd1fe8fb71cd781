// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Kind;

/**
 * Which keys the options take whose form alone is checked, or that have few keys. Stateless; any
 * thread.
 */
final class OptionForm {
  private OptionForm() {}

  /** The parser of an option, which must be one of those below. */
  static OptsParser of(OptionName option) {
    return switch (option) {
      case ADD_FD -> form(null, "fd:N set:N opaque:S");
      case ACTION -> form(null, "reboot:S shutdown:S panic:S watchdog:S");
      case FSDEV -> form("fsdriver", FILE_SYSTEM + THROTTLING);
      case FW_CFG -> form("name", "name:S file:S string:S gen_id:S");
      case GLOBAL -> form(null, "driver:S property:S value:S");
      case ICOUNT -> form("shift", "shift:S align:B sleep:B rr:S rrfile:S rrsnapshot:S");
      case ISCSI ->
          form(
              null,
              "user:S password:S password-secret:S header-digest:S initiator-name:S timeout:N");
      case M -> form("size", "size:Z slots:N maxmem:Z");
      case MSG -> form(null, "timestamp:B guest-name:B");
      case NAME -> form("guest", "guest:S process:S debug-threads:B");
      case OPTION_ROM -> form("romfile", "romfile:S bootindex:N");
      case OVERCOMMIT -> form(null, "mem-lock:S cpu-pm:B");
      case RTC -> form(null, "base:S clock:S driftfix:S");
      case RUN_WITH -> form(null, "async-teardown:B chroot:S user:S");
      case SANDBOX ->
          form("enable", "enable:B obsolete:S elevateprivileges:S spawn:S resourcecontrol:S");
      case TRACE -> form("enable", "enable:S events:S file:S");
      case VIRTFS -> form("fsdriver", FILE_SYSTEM + " mount_tag:S");
      case VNC -> form("vnc", VNC);
      case ACPITABLE, SMBIOS -> OptsParser.acceptingAny(null);
      default -> OptsParser.acceptingAny("type");
    };
  }

  private static final String FILE_SYSTEM =
      "fsdriver:S path:S security_model:S writeout:S readonly:B multidevs:S socket:S sock_fd:N"
          + " fmode:N dmode:N";
  private static final String THROTTLING =
      " throttling.iops-total:N throttling.iops-read:N throttling.iops-write:N"
          + " throttling.bps-total:N throttling.bps-read:N throttling.bps-write:N"
          + " throttling.iops-total-max:N throttling.iops-read-max:N throttling.iops-write-max:N"
          + " throttling.bps-total-max:N throttling.bps-read-max:N throttling.bps-write-max:N"
          + " throttling.iops-total-max-length:N throttling.iops-read-max-length:N"
          + " throttling.iops-write-max-length:N throttling.bps-total-max-length:N"
          + " throttling.bps-read-max-length:N throttling.bps-write-max-length:N"
          + " throttling.iops-size:N";
  private static final String VNC =
      "vnc:S websocket:S tls-creds:S share:S display:S head:N connections:N to:N ipv4:B ipv6:B"
          + " password:B password-secret:S reverse:B lock-key-sync:B key-delay-ms:N sasl:B"
          + " tls-authz:S sasl-authz:S lossy:B non-adaptive:B audiodev:S power-control:B";

  private static OptsParser form(@Nullable String implied, String keys) {
    Map<String, Kind> known = new HashMap<>();
    for (String key : keys.strip().split(" ", -1)) {
      int colon = key.indexOf(':');
      known.put(key.substring(0, colon), kind(key.charAt(colon + 1)));
    }
    return OptsParser.of(implied, known);
  }

  private static Kind kind(char letter) {
    return switch (letter) {
      case 'B' -> Kind.BOOL;
      case 'N' -> Kind.NUMBER;
      case 'Z' -> Kind.SIZE;
      default -> Kind.STRING;
    };
  }
}
