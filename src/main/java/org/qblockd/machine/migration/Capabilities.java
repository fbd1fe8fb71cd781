// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.types.MigrationCapability;

/**
 * Which capabilities go together. Pure functions; the sentences are QEMU's, in its order of checks.
 */
final class Capabilities {
  /** In the order in which they are told. */
  private static final List<MigrationCapability> AGAINST_SNAPSHOT =
      List.of(
          MigrationCapability.POSTCOPY_RAM,
          MigrationCapability.DIRTY_BITMAPS,
          MigrationCapability.POSTCOPY_BLOCKTIME,
          MigrationCapability.LATE_BLOCK_ACTIVATE,
          MigrationCapability.RETURN_PATH,
          MigrationCapability.MULTIFD,
          MigrationCapability.PAUSE_BEFORE_SWITCHOVER,
          MigrationCapability.AUTO_CONVERGE,
          MigrationCapability.RELEASE_RAM,
          MigrationCapability.RDMA_PIN_ALL,
          MigrationCapability.XBZRLE,
          MigrationCapability.X_COLO,
          MigrationCapability.VALIDATE_UUID,
          MigrationCapability.ZERO_COPY_SEND);

  private Capabilities() {}

  /**
   * Why a set of capabilities is refused, or null.
   *
   * @param before what is on now
   * @param next what would be on
   * @param incoming whether the address to listen at is already known
   */
  static @Nullable String refusal(
      Set<MigrationCapability> before, Set<MigrationCapability> next, boolean incoming) {
    String postcopy = postcopyRefusal(next);
    if (postcopy != null) {
      return postcopy;
    }
    if (next.contains(MigrationCapability.BACKGROUND_SNAPSHOT)) {
      for (MigrationCapability other : AGAINST_SNAPSHOT) {
        if (next.contains(other)) {
          return "Background-snapshot is not compatible with " + other.wireName();
        }
      }
    }
    if (next.contains(MigrationCapability.ZERO_COPY_SEND)
        && (!next.contains(MigrationCapability.MULTIFD)
            || next.contains(MigrationCapability.XBZRLE))) {
      return "Zero copy only available for non-compressed non-TLS multifd migration";
    }
    return laterRefusal(before, next, incoming);
  }

  private static @Nullable String postcopyRefusal(Set<MigrationCapability> next) {
    if (!next.contains(MigrationCapability.POSTCOPY_RAM)) {
      return null;
    }
    if (next.contains(MigrationCapability.X_IGNORE_SHARED)) {
      return "Postcopy is not compatible with ignore-shared";
    }
    return next.contains(MigrationCapability.MULTIFD)
        ? "Postcopy is not yet compatible with multifd"
        : null;
  }

  private static @Nullable String laterRefusal(
      Set<MigrationCapability> before, Set<MigrationCapability> next, boolean incoming) {
    if (next.contains(MigrationCapability.POSTCOPY_PREEMPT)) {
      if (!next.contains(MigrationCapability.POSTCOPY_RAM)) {
        return "Postcopy preempt requires postcopy-ram";
      }
      if (incoming && !before.contains(MigrationCapability.POSTCOPY_PREEMPT)) {
        return "Postcopy preempt must be set before incoming starts";
      }
    }
    if (next.contains(MigrationCapability.MULTIFD)
        && incoming
        && !before.contains(MigrationCapability.MULTIFD)) {
      return "Multifd must be set before incoming starts";
    }
    if (next.contains(MigrationCapability.SWITCHOVER_ACK)
        && !next.contains(MigrationCapability.RETURN_PATH)) {
      return "Capability 'switchover-ack' requires capability 'return-path'";
    }
    if (next.contains(MigrationCapability.DIRTY_LIMIT)) {
      return next.contains(MigrationCapability.AUTO_CONVERGE)
          ? "dirty-limit conflicts with auto-converge either of then available currently"
          : "dirty-limit requires KVM with accelerator property 'dirty-ring-size' set";
    }
    return mappedRefusal(next);
  }

  private static @Nullable String mappedRefusal(Set<MigrationCapability> next) {
    if (!next.contains(MigrationCapability.MAPPED_RAM)) {
      return null;
    }
    if (next.contains(MigrationCapability.XBZRLE)) {
      return "Mapped-ram migration is incompatible with xbzrle";
    }
    return next.contains(MigrationCapability.POSTCOPY_RAM)
        ? "Mapped-ram migration is incompatible with postcopy"
        : null;
  }
}
