// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * One way to copy a disk. Immutable; any thread.
 *
 * @param active copy-mode write-blocking; mirror only
 */
record Copy(Command command, Sync sync, Format format, boolean active) {

  /** The four commands. */
  enum Command {
    DRIVE_MIRROR,
    BLOCKDEV_MIRROR,
    DRIVE_BACKUP,
    BLOCKDEV_BACKUP;

    boolean isMirror() {
      return this == DRIVE_MIRROR || this == BLOCKDEV_MIRROR;
    }

    /** Whether the command opens its target itself. */
    boolean opensTarget() {
      return this == DRIVE_MIRROR || this == DRIVE_BACKUP;
    }

    String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What is copied besides what the guest writes. */
  enum Sync {
    FULL,
    TOP,
    NONE;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Formats of images. */
  enum Format {
    RAW,
    QCOW2;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The events that tell how a block job goes. */
  enum Event {
    BLOCK_JOB_READY,
    BLOCK_JOB_COMPLETED,
    BLOCK_JOB_CANCELLED,
    BLOCK_JOB_ERROR;

    /** Whether an event is one of them and about this job. */
    static boolean isAbout(JsonObject event, String job) {
      String name = QmpClient.text(event, "event");
      for (Event each : values()) {
        if (each.name().equals(name)) {
          return QmpClient.text(event, "data", "device").equals(job);
        }
      }
      return false;
    }
  }

  /** QEMU lays the target of drive-backup with sync none over the source, which raw cannot be. */
  boolean isRefused() {
    return command == Command.DRIVE_BACKUP && sync == Sync.NONE && format == Format.RAW;
  }

  /**
   * Whether QEMU 10.0.2 spoils the copy: it opens the overlay without its backing file, and an
   * active write to a part of a cluster fills up the cluster with zeroes.
   */
  boolean isSpoiltByQemu() {
    boolean overlay = sync != Sync.FULL && format == Format.QCOW2;
    return command == Command.DRIVE_MIRROR && overlay && active;
  }

  /** All that are not refused. */
  static List<Copy> all() {
    List<Copy> all = new ArrayList<>();
    for (Command command : Command.values()) {
      for (Sync sync : Sync.values()) {
        for (Format format : Format.values()) {
          all.add(new Copy(command, sync, format, false));
          all.add(new Copy(command, sync, format, true));
        }
      }
    }
    all.removeIf(copy -> copy.isRefused() || (copy.active() && !copy.command().isMirror()));
    return all;
  }
}
